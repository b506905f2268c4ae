import { expect } from "chai";
import { didYouMean, editDistance } from "../../src/diagnostics/did-you-mean.ts";

const options = ["--dport", "--sport", "--state", "-s", "-d", "ACCEPT", "DROP"];

describe("didYouMean", () => {
  const cases: readonly [string, string | undefined][] = [
    ["--dprot", "--dport"],
    ["--spotr", "--sport"],
    ["--stae", "--state"],
    ["accept", "ACCEPT"],
    ["DORP", "DROP"],
    ["-x", undefined],
    ["--to-destination", undefined],
    ["", undefined],
  ];
  for (const [word, proposal] of cases) {
    it(`${word || "(nothing)"} → ${proposal ?? "nothing"}`, () => {
      expect(didYouMean(word, options)).to.equal(proposal);
    });
  }

  it("counts a swap of neighbours as one slip", () => {
    expect(editDistance("prot", "part")).to.equal(2);
    expect(editDistance("dorp", "drop")).to.equal(1);
    expect(editDistance("", "abc")).to.equal(3);
  });
});
