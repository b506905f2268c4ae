import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import type { Family } from "../../src/packet/address.ts";
import { Dice } from "../kernel/generate/dice.ts";
import { freshScenario } from "../kernel/generate/fresh-scenario.ts";
import { holdLint } from "./hold/hold-lint.ts";
import { holdRuleset } from "./hold/hold-ruleset.ts";

/**
 * Every witness and every rule that is called dead, on the machine. HOLD_RULESETS asks more generated rule sets than a test
 * run has time for, or other ones (`61-90`), HOLD_BACKEND=nft what iptables-nft makes of them; scripts/hold-analyses.ts does the
 * same for rule sets of one's own.
 */
const backend = process.env["HOLD_BACKEND"] === "nft" ? "nft" : "legacy";
const [first, last] = rangeOf(process.env["HOLD_RULESETS"] ?? "12");
const now = 1767225600;
const share = 0.35;

/** `300` is 1 to 300; `18-18` one of them. */
function rangeOf(text: string): readonly [first: number, last: number] {
  const [, from, to] = /^(?:(\d+)-)?(\d+)$/.exec(text) ?? [];
  if (to === undefined) throw new Error(`HOLD_RULESETS=${text} is neither a number nor a range`);
  return [Number(from ?? 1), Number(to)];
}

const canonical = readdirSync("fixtures/rulesets").filter((name) =>
  existsSync(`fixtures/rulesets/${name}/canonical.save`),
);

const filterAnd = (table: string, rules: readonly string[], filter: readonly string[]): string =>
  [`*${table}`, ...rules, "COMMIT", "*filter", ...filter, "COMMIT", ""].join("\n");

/** Small rule sets on which sets or lint and the machine once did not agree. */
const once: readonly { readonly name: string; readonly family?: Family; readonly text: string }[] = [
  {
    name: "NAT leaves DCCP's ports alone",
    text: filterAnd(
      "nat",
      ["-A PREROUTING -p dccp -j DNAT --to-destination 10.0.0.9:80"],
      ["-A FORWARD -p dccp -m dccp --dport 80", "-A FORWARD -p dccp -m dccp --dport 81 -j DROP"],
    ),
  },
  {
    name: "the nat table sees a packet that opens an expected connection, whose TTL ends",
    text: filterAnd(
      "nat",
      ["-A PREROUTING -m ttl --ttl-eq 0"],
      ["-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT"],
    ),
  },
  {
    name: "TEE's copy, which conntrack leaves alone, comes to mangle first",
    text: filterAnd(
      "raw",
      ["-A OUTPUT -d 198.51.100.0/24 -j TEE --gateway 203.0.113.1"],
      ["-A OUTPUT -m conntrack --ctstate NEW -j DROP"],
    ),
  },
  {
    name: "what TPROXY gives to a socket is not forwarded, but comes to nat before",
    text: [
      "*mangle",
      ":divert - [0:0]",
      "-A PREROUTING -p tcp -j divert",
      "-A divert -p tcp -j TPROXY --on-port 3129 --tproxy-mark 1",
      "COMMIT",
      filterAnd(
        "nat",
        ["-A PREROUTING -m mark --mark 1 -j DNAT --to-destination 10.0.0.9"],
        ["-A INPUT -j ACCEPT", "-A FORWARD -m mark --mark 1 -j DROP"],
      ),
    ].join("\n"),
  },
  {
    name: "a rule that matches none finds headers cut short",
    family: "ipv6",
    text: "*filter\n-A INPUT -p mh -m mh --mh-type 5 -m conntrack --ctstate UNTRACKED -j DROP\nCOMMIT\n",
  },
  {
    name: "indices of IPComp are asked of what has none",
    family: "ipv6",
    text: "*filter\n-A INPUT -p ipcomp -m ipcomp --ipcompspi 5\n-A INPUT -p 253 -j DROP\nCOMMIT\n",
  },
];

describe("analyses of rule sets against the machine", () => {
  for (const { name, family = "ipv4", text } of once) {
    it(`agree where ${name}`, () => {
      const sets = holdRuleset(text, { name, family, now, mostRules: 40, packetsEach: 3, random: 20 });
      const lint = holdLint(text, { name, family, now, mostOfRule: 6, random: 20 });
      expect([...sets.contradictions, ...lint.contradictions]).to.deep.equal([]);
      expect(sets.held).to.be.above(0);
    });
  }

  for (const name of canonical) {
    const family = name.endsWith("ipv6") ? "ipv6" : "ipv4";
    const text = readFileSync(`fixtures/rulesets/${name}/canonical.save`, "utf8");
    it(`sets of ${name}`, () => {
      const options = { name, family, now, mostRules: 30, packetsEach: 2, random: 20 } as const;
      const { held, contradictions } = holdRuleset(text, options);
      expect(contradictions).to.deep.equal([]);
      expect(held).to.be.above(0);
    });
    it(`lint of ${name}`, () => {
      const { contradictions } = holdLint(text, { name, family, now, mostOfRule: 6, random: 10 });
      expect(contradictions).to.deep.equal([]);
    });
  }

  for (let number = first; number <= last; number++) {
    it(`generated rule set ${number}`, () => {
      const name = `rules-${number}`;
      const { family = "ipv4", rules } = freshScenario(name);
      const dice = new Dice(`${name} thin`);
      const text = rules
        .split("\n")
        .filter((line) => !line.startsWith("-A ") || dice.maybe(share))
        .join("\n");
      const about = { name, family, backend, now } as const;
      const sets = holdRuleset(text, { ...about, mostRules: 40, packetsEach: 2, random: 10 });
      const lint = holdLint(text, { ...about, mostOfRule: 6, random: 10 });
      expect([...sets.contradictions, ...lint.contradictions]).to.deep.equal([]);
    });
  }
});
