import { expect } from "chai";
import { analyse } from "../../src/analyse/analyse.ts";
import { paths } from "../../src/analyse/path.ts";
import { WitnessFinder } from "../../src/analyse/witness/find-witness.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { bruteForce } from "./hold/brute-force.ts";
import { holdLint } from "./hold/hold-lint.ts";
import { holdRuleset } from "./hold/hold-ruleset.ts";

const now = 1767225600;

const filter = (policy: string, ...rules: readonly string[]): string =>
  ["*filter", `:INPUT ${policy} [0:0]`, `:FORWARD ${policy} [0:0]`, ...rules, "COMMIT", ""].join("\n");

/** Rules that iptables-nft reads otherwise than iptables-legacy: what it loses, and later fragments read as headers. */
const rulesets = [
  filter("DROP", "-A INPUT -p tcp -m tcp ! --dport 0:65535 -j ACCEPT", "-A INPUT -p tcp -j ACCEPT"),
  filter(
    "DROP",
    "-A INPUT -p udp -m udp ! --sport 0:65535 --dport 53 -j ACCEPT",
    "-A INPUT -p udp -m udp --dport 53 -j REJECT",
    "-A INPUT -p tcp -m tcp --tcp-flags NONE SYN -j ACCEPT",
  ),
  filter(
    "DROP",
    "-A FORWARD -f -p udp -m udp --dport 22 -j ACCEPT",
    "-A FORWARD -p tcp -m tcp --tcp-flags SYN SYN -j ACCEPT",
    "-A FORWARD -f -j REJECT",
  ),
];

describe("packet sets of iptables-nft's rules", () => {
  for (const backend of ["nft", "legacy"] as const) {
    for (const text of rulesets) {
      it(`are the machine's, ${backend}: ${text.split("\n")[3]}`, () => {
        expect(bruteForce(text, "ipv4", backend)?.differences).to.deep.equal([]);
        const options = { name: "rules", family: "ipv4", backend, now } as const;
        const sets = holdRuleset(text, { ...options, mostRules: 9, packetsEach: 3, random: 20 });
        const lint = holdLint(text, { ...options, mostOfRule: 9, random: 10 });
        expect([...sets.contradictions, ...lint.contradictions]).to.deep.equal([]);
      });
    }
  }

  it("have fragments whose bytes are what a rule asks of ports and flags", () => {
    const { ruleset } = parseRuleset(rulesets[2] ?? "", { family: "ipv4" });
    const words = (["nft", "legacy"] as const).map((backend) => {
      const analysis = analyse(ruleset, { backend });
      const finder = new WitnessFinder(analysis, { now });
      const [reach] = analysis.rules().filter(({ chain }) => chain === "FORWARD");
      return paths
        .map((path) => {
          const set = analysis.space.and(reach?.matched ?? 0, analysis.space.domain(path));
          return set === 0 ? undefined : finder.find(set, path, ({ fate }) => fate.verdict === "ACCEPT");
        })
        .flatMap((witness) => witness?.story.words ?? []);
    });
    expect(words).to.deep.equal([
      ["-i eth0 -o eth1 -p udp -s 198.51.100.7 -d 203.0.113.10 -f --hex-string '|0000001600000000|'"],
      [],
    ]);
  });
});
