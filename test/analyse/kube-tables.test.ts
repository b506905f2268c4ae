import { expect } from "chai";
import { kubeDump } from "../../scripts/bench/kube.ts";
import { analyse } from "../../src/analyse/analyse.ts";
import { lintRules } from "../../src/lint/registry.ts";
import { lint } from "../../src/lint/run.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { holdLint } from "./hold/hold-lint.ts";
import { holdRuleset } from "./hold/hold-ruleset.ts";

const analysisOf = (text: string) => analyse(parseRuleset(text, { family: "ipv4" }).ruleset);

/** The nodes of all sets that tell which rules are reached and matched. */
function nodesOf(text: string): number {
  const analysis = analysisOf(text);
  for (const rule of analysis.rules()) expect(rule.isReached && rule.isMatched).to.equal(true);
  return analysis.space.bdd.size;
}

describe("sets of kube-proxy's tables", () => {
  it("grow with the services, by no more than a table for 20,000 of them has room for", () => {
    const [some, more] = [150, 300].map((services) => nodesOf(kubeDump(services)));
    expect((more! - some!) / 150).to.be.below(1200);
  });

  it("tell who takes a rule's packets without looking at all other services", () => {
    const lines = kubeDump(150).split("\n");
    const last = lines.findLastIndex((line) => line.startsWith("-A KUBE-SERVICES -d"));
    const taken = lines[last - 70]!.replace(/-j \S+/, "-j RETURN");
    lines.splice(last + 1, 0, taken);
    const text = lines.join("\n");
    const { ruleset, diagnostics } = parseRuleset(text, { family: "ipv4" });
    const analysis = analyse(ruleset);
    const shadowed = lintRules.filter(({ id }) => id === "NV101");
    analysis.rules();
    const before = analysis.space.bdd.size;
    const source = { name: "rules", text };
    const half = { ruleset, diagnostics, source, sibling: undefined, analysis: () => analysis };
    const { findings } = lint([half], { rules: shadowed, levels: new Map() });
    expect(findings.map(({ message }) => message)).to.have.length(1);
    expect(findings[0]?.message).to.match(
      /^no packet reaches this rule that it would match: rule 80 of `KUBE-SERVICES`/,
    );
    expect(analysis.space.bdd.size - before).to.be.below(10 * 150);
  });

  it("are walked once for both first hooks, whatever comments their jumps have", () => {
    const unknowns = (comment: string) => {
      const analysis = analysisOf(
        [
          "*nat",
          ":to-one - [0:0]",
          '-A PREROUTING -m comment --comment "portals" -j to-one',
          `-A OUTPUT -m comment --comment "${comment}" -j to-one`,
          "-A to-one -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.0.0.9:80",
          "COMMIT\n",
        ].join("\n"),
      );
      analysis.rules();
      return analysis.space.unknowns.filter(({ kind }) => kind === "stateful").length;
    };
    expect(unknowns("portals")).to.equal(1);
    expect(unknowns("others")).to.equal(1);
  });

  it("are what the machine does where marks hang on what was translated", () => {
    // so many views that they are put into one, whose mark POSTROUTING asks
    const text = kubeDump(25, 7).replace(
      "COMMIT",
      [
        "-A POSTROUTING -m mark --mark 0x4000/0x4000 -j ACCEPT",
        "-A POSTROUTING -p udp -m mark --mark 0x8000/0x8000 -j ACCEPT",
        "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
        "COMMIT",
      ].join("\n"),
    );
    const shared = { name: "kube", family: "ipv4", now: 1767225600 } as const;
    const sets = holdRuleset(text, { ...shared, mostRules: 40, packetsEach: 2, random: 20 });
    expect(sets.contradictions).to.deep.equal([]);
    expect(sets.held).to.be.above(100);
    const lint = holdLint(text, { ...shared, mostOfRule: 5, random: 10 });
    expect(lint.contradictions).to.deep.equal([]);
    expect(lint.findings).to.be.above(0);
  });
});
