import { expect } from "chai";
import fc from "fast-check";
import { analyse } from "../../src/analyse/analyse.ts";
import type { Analysis, Region } from "../../src/analyse/analysis.ts";
import { compareRulesets } from "../../src/analyse/diff-compare.ts";
import { withSameRules } from "../../src/analyse/diff-same-rules.ts";
import { paths } from "../../src/analyse/path.ts";
import { suspectsOf } from "../../src/analyse/suspects.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import type { Ruleset } from "../../src/model/ruleset.ts";
import { fields } from "../../src/packet/fields.ts";

const portField = fields.destinationPort;

const rulesetOf = (text: string): Ruleset => parseRuleset(text, { family: "ipv4" }).ruleset;

/** Rules of all tables that change packets and ask what was changed. */
const pools = {
  raw: [
    "-A PREROUTING -s 10.0.0.0/8 -j NOTRACK",
    "-A PREROUTING -i eth0 -p udp -j DROP",
    "-A OUTPUT -p udp -j NOTRACK",
  ],
  mangle: [
    "-A PREROUTING -i eth0 -j MARK --set-mark 1",
    "-A PREROUTING -s 10.0.0.0/8 -j MARK --or-mark 2",
    "-A FORWARD -m mark --mark 1 -j DROP",
    "-A FORWARD -j TTL --ttl-dec 1",
  ],
  nat: [
    "-A PREROUTING -i eth0 -p tcp --dport 80 -j DNAT --to-destination 10.0.0.9:8080",
    "-A PREROUTING -i eth0 -p tcp --dport 81 -j REDIRECT --to-ports 22",
    "-A POSTROUTING -o eth1 -j MASQUERADE",
    "-A POSTROUTING -m mark --mark 3 -j SNAT --to-source 192.0.2.9",
  ],
  filter: [
    "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-A INPUT -m conntrack --ctstate UNTRACKED -j DROP",
    "-A INPUT -p tcp --dport 22 -j a",
    "-A FORWARD -d 10.0.0.9/32 -p tcp --dport 8080 -j ACCEPT",
    "-A FORWARD -j a",
    "-A FORWARD -m limit --limit 1/s -j ACCEPT",
    "-A FORWARD -p icmp -j REJECT",
    "-A a -s 10.0.0.0/8 -j RETURN",
    "-A a -m mark ! --mark 0 -j ACCEPT",
    "-A a -p tcp -j DROP",
    "-A OUTPUT -d 10.0.0.0/8 -j DROP",
    "-A OUTPUT -j LOG",
  ],
} as const;

const text = fc
  .record({
    raw: fc.shuffledSubarray([...pools.raw]),
    mangle: fc.shuffledSubarray([...pools.mangle]),
    nat: fc.shuffledSubarray([...pools.nat]),
    filter: fc.shuffledSubarray([...pools.filter]),
    policy: fc.constantFrom("ACCEPT", "DROP"),
  })
  .map(({ policy, ...tables }) =>
    Object.entries(tables)
      .map(([name, rules]) => {
        const chains = name === "filter" ? `:FORWARD ${policy}\n:a -\n` : "";
        return `*${name}\n${chains}${rules.map((rule) => `${rule}\n`).join("")}COMMIT\n`;
      })
      .join(""),
  );

const fateOf = ({ outcome, rewrites, by }: Region): string =>
  [outcome, ...(outcome === "ACCEPT" ? rewrites : []), "number" in by ? "rule" : by.policy].join(" ");

/** The packets outside of `set` on a path, by their fates. */
function fatesOutside(analysis: Analysis, path: (typeof paths)[number], set: number): Map<string, number> {
  const { space } = analysis;
  const fates = new Map<string, number>();
  for (const region of analysis.path(path).regions) {
    const packets = space.minus(region.packets, set);
    if (packets !== 0) fates.set(fateOf(region), space.or(fates.get(fateOf(region)) ?? 0, packets));
  }
  return fates;
}

describe("the packets that diff looks at", () => {
  it("leave no packet out that fares differently", () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const before = analyse(rulesetOf(one));
        const { ruleset } = withSameRules(before.ruleset, rulesetOf(other));
        const after = analyse(ruleset, { space: before.space });
        const suspects = suspectsOf(before, after);
        for (const path of paths) {
          expect(fatesOutside(before, path, suspects), path).to.deep.equal(
            fatesOutside(after, path, suspects),
          );
        }
      }),
      { numRuns: 25 },
    );
  });

  it("are none for equal rule sets", () => {
    fc.assert(
      fc.property(text, (one) => {
        const before = analyse(rulesetOf(one));
        const { ruleset } = withSameRules(before.ruleset, rulesetOf(one));
        expect(suspectsOf(before, analyse(ruleset, { space: before.space }))).to.equal(0);
      }),
      { numRuns: 20 },
    );
  });

  it("have what rules exempted from tracking in the other rule set's states, too", () => {
    const rules = (verdict: string) =>
      `*raw\n-A PREROUTING -s 10.0.0.0/8 -j NOTRACK\nCOMMIT\n*filter\n-A INPUT -m conntrack --ctstate UNTRACKED -j ${verdict}\nCOMMIT\n`;
    const { groups } = compareRulesets(rulesetOf(rules("ACCEPT")), rulesetOf(rules("DROP")), { limit: 0 });
    expect(groups).to.be.above(0);
  });

  it("walk within a set as the whole path does", () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...paths), (one, path) => {
        const analysis = analyse(rulesetOf(one));
        const { space } = analysis;
        const some = space.and(
          space.domain(path),
          space.set({ kind: "in", field: portField, ranges: [[20, 85]] }),
        );
        const inside = analysis.path(path, some).regions;
        const whole = analysis
          .path(path)
          .regions.map((region) => ({ ...region, packets: space.and(region.packets, some) }));
        const told = (regions: readonly Region[]) =>
          regions
            .filter(({ packets }) => packets !== 0)
            .map(
              (region) => `${fateOf(region)} ${JSON.stringify(region.by)} ${region.hook} ${region.packets}`,
            )
            .sort();
        expect(told(inside)).to.deep.equal(told(whole));
      }),
      { numRuns: 25 },
    );
  });
});
