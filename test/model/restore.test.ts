import { expect } from "chai";
import fc from "fast-check";
import { Restore } from "../../src/model/restore.ts";
import type { Ruleset } from "../../src/model/ruleset.ts";
import { readSave } from "../../src/syntax/parse-save.ts";

interface Restored {
  readonly ruleset: unknown;
  readonly said: unknown;
}

/** A rule set as plain values. */
const plain = (ruleset: Ruleset): unknown =>
  [...ruleset.tables.values()].map((table) =>
    [...table.chains.values()].map((chain) => ({
      ...chain,
      rules: chain.rules.map(({ spec, matches, target, counters, origin }) => ({
        ...{ spec, matches, target, counters },
        origin: origin?.span,
      })),
    })),
  );

/** Reads a dump; `slowly` without the short way for lines as iptables-save writes them. */
function restored(text: string, slowly: boolean): Restored {
  const source = { name: "dump", text };
  const options = { source, family: "ipv4", keepCounters: true, noFlush: false } as const;
  const restore = new Restore({ family: "ipv4", tables: new Map() }, options);
  const diagnostics = readSave(source, slowly ? { take: (node) => restore.take(node) } : restore);
  const ruleset = plain(restore.finish());
  const said = [...diagnostics, ...restore.diagnostics].map(({ code, message, span }) => [
    code,
    message,
    span,
  ]);
  return { ruleset, said };
}

const name = fc.constantFrom(
  "a",
  "b",
  "INPUT",
  "LOG",
  "ACCEPT",
  "-x",
  "a\tb",
  'a"b',
  "é",
  "x".repeat(28),
  "x".repeat(29),
);
const line = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        name,
        fc.constantFrom("-", "-", "ACCEPT", "DROP", "x"),
        fc.constantFrom("[0:0]", "[1:2]", "[0:0] ", "", "x"),
      )
      .map(([chain, policy, counters]) => `:${chain} ${policy} ${counters}`),
  },
  { weight: 3, arbitrary: fc.tuple(name, name).map(([from, to]) => `-A ${from} -s 10.0.0.1/32 -j ${to}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(name, name).map(([from, to]) => `[1:2] -A ${from} -p tcp -m tcp --dport 22 -g ${to}`),
  },
  { weight: 2, arbitrary: fc.constantFrom("-F a", "-X a", "-N a", "-E a b", "-A a -j DROP") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("*filter", "*nat", "COMMIT", "# a comment", "", " :c - [0:0]", ":c  - [0:0]"),
  },
);

describe("restoring a dump", () => {
  it("gives the same tables and diagnostics whichever way a line is read", () => {
    let chains = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = ["*filter", ...lines, "COMMIT", ""].join("\n");
        const quick = restored(text, false);
        expect(quick, text).to.deep.equal(restored(text, true));
        if (JSON.stringify(lines).includes(":a - [0:0]")) chains++;
      }),
      { numRuns: 1000 },
    );
    expect(chains).to.be.greaterThan(0);
  });

  it("finds a rule behind one that was looked for before", () => {
    const rules = ["192.0.2.1", "192.0.2.2"].map((address) => `INPUT -s ${address}/32 -j DROP`);
    for (const looks of [["-C"], ["-D"], ["-C", "-D"], ["-C", "-C", "-D"]]) {
      const lines = rules.flatMap((rule) => [`-A ${rule}`, ...looks.map((look) => `${look} ${rule}`)]);
      expect(
        restored(["*filter", ...lines, "COMMIT", ""].join("\n"), false).said,
        looks.join(),
      ).to.deep.equal([]);
    }
  });

  it("does not forget that a chain is gone", () => {
    const lines = ["*filter", ":a - [0:0]", "-A a -j DROP", "-F a", "-X a", "-A a -j DROP", "COMMIT", ""];
    const quick = restored(lines.join("\n"), false);
    expect(quick).to.deep.equal(restored(lines.join("\n"), true));
    expect(quick.said).to.have.lengthOf(1);
  });
});
