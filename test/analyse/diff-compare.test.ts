import { expect } from "chai";
import { type Comparison, compareRulesets } from "../../src/analyse/diff-compare.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";

type Lines = Readonly<Record<string, readonly string[]>>;

const read = (tables: Lines) => {
  const text = Object.entries(tables).map(([name, rules]) => `*${name}\n${rules.join("\n")}\nCOMMIT\n`);
  const { ruleset, diagnostics } = parseRuleset(text.join(""), { family: "ipv4", filename: "rules" });
  expect(diagnostics).to.deep.equal([]);
  return ruleset;
};

const compare = (before: Lines, after: Lines): Comparison =>
  compareRulesets(read(before), read(after), { limit: 0, now: 1767225600 });

const isShown = ({ entries }: Comparison): boolean => entries.some(({ example }) => example?.confirmed);

describe("compareRulesets", () => {
  const different: readonly [string, Lines, Lines][] = [
    [
      "how far a TTL is raised",
      { mangle: ["-A FORWARD -j TTL --ttl-inc 1"] },
      { mangle: ["-A FORWARD -j TTL --ttl-inc 2"] },
    ],
    [
      "which bit of a mark is flipped",
      { mangle: ["-A PREROUTING -j MARK --set-xmark 0x1/0x0"] },
      { mangle: ["-A PREROUTING -j MARK --set-xmark 0x2/0x0"] },
    ],
    [
      "a packet that is no longer tracked",
      { filter: [":INPUT DROP [0:0]", "-A INPUT -m state --state NEW -j ACCEPT"] },
      {
        raw: ["-A PREROUTING -p udp -m udp --dport 53 -j NOTRACK"],
        filter: [":INPUT DROP [0:0]", "-A INPUT -m state --state NEW -j ACCEPT"],
      },
    ],
    [
      "an address in place of the interface's",
      { nat: ["-A POSTROUTING -o eth0 -j MASQUERADE"] },
      { nat: ["-A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.5"] },
    ],
    [
      "a range that NAT chooses from",
      { nat: ["-A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.5-203.0.113.6"] },
      { nat: ["-A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.7-203.0.113.8"] },
    ],
  ];
  for (const [name, before, after] of different) {
    it(`finds ${name}`, () => {
      const comparison = compare(before, after);
      expect(comparison.groups).to.be.above(0);
      expect(isShown(comparison)).to.equal(true);
    });
  }

  const alike: readonly [string, Lines, Lines][] = [
    [
      "a MASQUERADE that two rules share",
      { nat: ["-A POSTROUTING -o eth0 -j MASQUERADE"] },
      {
        nat: ["-A POSTROUTING -o eth0 -p tcp -j MASQUERADE", "-A POSTROUTING -o eth0 ! -p tcp -j MASQUERADE"],
      },
    ],
    [
      "a mark that is set in two steps",
      { mangle: ["-A PREROUTING -j MARK --set-xmark 0x3/0xffffffff"] },
      {
        mangle: [
          "-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff",
          "-A PREROUTING -j MARK --set-xmark 0x2/0x2",
        ],
      },
    ],
    [
      "NOTRACK that nothing asks about",
      { raw: ["-A PREROUTING -i eth0 -p udp -j NOTRACK"], filter: ["-A INPUT -p tcp -j DROP"] },
      { raw: ["-A PREROUTING -p udp -i eth0 -j CT --notrack"], filter: ["-A INPUT -p tcp -j DROP"] },
    ],
    [
      "a rule about the TTL that decides nothing",
      { filter: ["-A FORWARD -i eth0 -j ACCEPT"] },
      { filter: ["-A FORWARD -i eth0 -j ACCEPT", "-A FORWARD -m ttl --ttl-eq 7"] },
    ],
  ];
  for (const [name, before, after] of alike) {
    it(`calls equal ${name}`, () => {
      const { groups, entries } = compare(before, after);
      expect(groups, entries[0]?.example?.words).to.equal(0);
    });
  }

  it("says where fragments are not compared", () => {
    const { assumptions } = compare(
      { filter: ["-A INPUT -p tcp -j DROP"] },
      { filter: ["-A INPUT -p tcp -j DROP", "-A INPUT -m state --state NEW"] },
    );
    expect(assumptions.join(" ")).to.match(/fragments are not compared/);
  });
});
