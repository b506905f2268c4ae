import { expect } from "chai";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";

/** What is said of one rule of a save file, with the text that each diagnostic points at. */
function warnings(rule: string): readonly (readonly [code: string, severity: string, at: string])[] {
  const { diagnostics } = parseRuleset(`*filter\n-A OUTPUT ${rule}\nCOMMIT\n`, { family: "ipv4" });
  return diagnostics.map(({ code, severity, source, span }) => [
    code,
    severity,
    source.text.slice(span.start, span.end),
  ]);
}

describe("arguments that are taken with a warning", () => {
  for (const [rule, at] of [
    ["-p udp --dport 70000", "70000"],
    ["-p udp --sport 53:65536", "53:65536"],
    ["-m conntrack --ctorigdstport 70000", "70000"],
  ] as const) {
    it(`a port that loses its high bits: ${rule}`, () => {
      expect(warnings(rule)).to.deep.equal([["truncated-value", "warning", at]]);
    });
  }

  it("says nothing of the highest port", () => {
    expect(warnings("-p udp --dport 65535")).to.deep.equal([]);
  });

  for (const option of ["--uid-owner", "--gid-owner"]) {
    it(`a name of the host's: ${option}`, () => {
      expect(warnings(`-m owner ${option} www-data -j DROP`)).to.deep.equal([
        ["unresolved-name", "warning", "www-data"],
      ]);
    });
  }

  it("says nothing of root, and refuses what is no name", () => {
    expect(warnings("-m owner --uid-owner root")).to.deep.equal([]);
    expect(warnings("-m owner --uid-owner 1x")).to.deep.equal([["bad-value", "error", "1x"]]);
  });

  it("keeps the name", () => {
    const text = "*filter\n-A OUTPUT -m owner ! --uid-owner www-data -j DROP\nCOMMIT\n";
    const { ruleset } = parseRuleset(text, { family: "ipv4" });
    expect(printRuleset(ruleset)).to.contain("-A OUTPUT -m owner ! --uid-owner www-data -j DROP\n");
  });
});
