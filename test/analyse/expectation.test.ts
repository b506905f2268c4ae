import { expect } from "chai";
import { checkExpectation } from "../../src/analyse/expectation.ts";
import { forwarded, rejected } from "../report/hand-made.ts";

describe("checkExpectation", () => {
  it("is content with what happened", () => {
    const all = {
      verdict: "ACCEPT",
      outcome: "forwarded",
      hook: "POSTROUTING",
      rule: "filter/WAN:3",
      dnat: "10.0.0.9:8080",
      snat: "none",
      ctstate: "NEW",
      out: "eth1",
    };
    expect(checkExpectation(forwarded, all)).to.deep.equal([]);
  });

  it("takes an address without a port for any port", () => {
    expect(checkExpectation(forwarded, { dnat: "10.0.0.9" })).to.deep.equal([]);
    expect(checkExpectation(forwarded, { dnat: "10.0.0.90" })).to.have.length(1);
  });

  it("says what was expected and what came", () => {
    expect(
      checkExpectation(forwarded, { verdict: "DROP", out: "eth1", rule: "filter/WAN:policy" }),
    ).to.deep.equal([
      { what: "verdict", expected: "DROP", actual: "ACCEPT" },
      { what: "rule", expected: "filter/WAN:policy", actual: "filter/WAN:3" },
    ]);
  });

  it("does not take the answer's frame for the packet's", () => {
    expect(checkExpectation(rejected, { out: "none", verdict: "REJECT" })).to.deep.equal([]);
  });
});
