import { expect } from "chai";
import { analyse } from "../../src/analyse/analyse.ts";
import { SetsTooLarge } from "../../src/analyse/sets-too-large.ts";
import { lintRules } from "../../src/lint/registry.ts";
import { lint } from "../../src/lint/run.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";

/** Pairs of addresses in no order at all: their sets share little. */
const text = `*filter\n:INPUT DROP [0:0]\n${Array.from({ length: 400 }, (_, n) => {
  const mixed = Math.imul(n + 1, 0x9e3779b1) >>> 0;
  const [a, b, c, d] = [mixed >>> 24, (mixed >>> 16) & 255, (mixed >>> 8) & 255, mixed & 255];
  return `-A INPUT -s 10.${a}.${b}.0/24 -d 10.${c}.${d}.1/32 -p tcp --dport ${1000 + n} -j ACCEPT\n`;
}).join("")}-A INPUT -s 10.0.0.5/24 -j DROP\nCOMMIT\n`;

describe("sets that outgrow their room", () => {
  const { ruleset, diagnostics } = parseRuleset(text, { family: "ipv4" });
  const mostNodes = 1 << 14;

  it("throw an error of their own kind, again when they are asked again", () => {
    const analysis = analyse(ruleset, { mostNodes });
    for (let time = 0; time < 2; time++) expect(() => analysis.rules()).to.throw(SetsTooLarge, "too large");
  });

  it("leave lint rules that look at the text alone, and are told of for the others", () => {
    let made = 0;
    const half = {
      ruleset,
      diagnostics,
      source: { name: "rules", text },
      sibling: undefined,
      analysis: () => {
        made++;
        return analyse(ruleset, { mostNodes });
      },
    };
    const { findings } = lint([half], {
      rules: lintRules.filter((rule) => !rule.optional),
      levels: new Map(),
    });
    expect(findings.map(({ id }) => id)).to.include.members(["NV302", "NV101"]);
    const shadowed = findings.find(({ id }) => id === "NV101");
    expect(shadowed?.message).to.match(/was not checked: the packet sets of these rules are too large/);
    expect(made).to.equal(1);
  });
});
