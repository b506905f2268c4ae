import { expect } from "chai";
import { differences } from "../../src/cli/differences.ts";

const canonical = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\n";

describe("differences", () => {
  it("finds none in the canonical text, comments and blank lines aside", () => {
    const text = `# by hand\n\n${canonical}# done\n`;
    expect(differences(text, canonical, { counters: false })).to.deep.equal([]);
  });

  it("shows a line that is written otherwise, with its number", () => {
    const text = canonical.replace("-i lo", "--in-interface lo");
    expect(differences(text, canonical, { counters: false })).to.deep.equal([
      "3: - -A INPUT --in-interface lo -j ACCEPT",
      "3: + -A INPUT -i lo -j ACCEPT",
    ]);
  });

  it("shows lines that are too many or missing", () => {
    const text = canonical.replace(":INPUT ACCEPT [0:0]\n", "");
    expect(differences(text, canonical, { counters: false })).to.deep.equal(["   + :INPUT ACCEPT [0:0]"]);
  });

  it("holds a policy's counters against a text only when they count", () => {
    const text = canonical.replace("[0:0]", "[7:400]");
    expect(differences(text, canonical, { counters: false })).to.deep.equal([]);
    expect(differences(text, canonical, { counters: true })).to.have.length(2);
  });

  it("stops after a screenful", () => {
    const text = Array.from({ length: 50 }, (_, i) => `-A INPUT -s 10.0.0.${i} -j DROP`).join("\n");
    const found = differences(text, "", { counters: false });
    expect(found).to.have.length(21);
    expect(found.at(-1)).to.equal("… and 30 more lines");
  });
});
