import { expect } from "chai";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";

/** What is said of one rule, with the text that each diagnostic points at. */
function told(rule: string): readonly string[] {
  const { diagnostics } = parseRuleset(`*filter\n-A OUTPUT ${rule}\nCOMMIT\n`, { family: "ipv4" });
  return diagnostics.map(({ code, source, span }) => `${code} ${source.text.slice(span.start, span.end)}`);
}

describe("matches that are not modelled", () => {
  it("are none where iptables has no match for the protocol", () => {
    expect(told("-p udplite --foo")).to.deep.equal(["unknown-option --foo"]);
  });

  it("does not lose the place of counters that are no numbers", () => {
    expect(told("-c 1,x -j ACCEPT")).to.deep.equal(["bad-value 1,x"]);
  });
});
