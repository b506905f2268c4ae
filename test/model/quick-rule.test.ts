import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import type { Source } from "../../src/diagnostics/diagnostic.ts";
import type { TableName } from "../../src/extensions/extension.ts";
import { bindCommand } from "../../src/model/bind.ts";
import { builtinChains } from "../../src/model/hooks.ts";
import { JumpGraph } from "../../src/model/jump-graph.ts";
import { placeRefusals } from "../../src/model/kernel-checks.ts";
import { printRule } from "../../src/model/print-rule.ts";
import { QuickRuleReader } from "../../src/model/quick-rule.ts";
import { refusable } from "../../src/model/refusal.ts";
import type { Rule } from "../../src/model/ruleset.ts";
import { SavedRule } from "../../src/model/saved-rule.ts";
import { emptyTable, TableDraft } from "../../src/model/table-draft.ts";
import { editTable } from "../../src/model/table-edits.ts";
import type { Family } from "../../src/packet/address.ts";
import { lexSaveLine } from "../../src/syntax/save-lexer.ts";

/** A line of a save file that stands in a table with the chains USER and LOG-DROP. */
interface Line {
  readonly text: string;
  readonly family: Family;
  readonly table: TableName;
}

const announced = new Set(["USER", "LOG-DROP", "INPUT", "FORWARD", "OUTPUT"]);

function draftOf(table: TableName): TableDraft {
  const draft = new TableDraft(emptyTable(table));
  for (const name of ["USER", "LOG-DROP"]) draft.addChain(name);
  return draft;
}

/** What the full reader makes of a stretch of the source: its rule as it stands in its chain, and how much it has to say. */
function readFully(
  source: Source,
  [start, end]: readonly [number, number],
  { family, table }: Line,
): { chain: string; rule: Rule | undefined; said: number } {
  const { tokens } = lexSaveLine(source.text, start, end);
  const figures = /^\[(\d+):(\d+)\]/.exec(source.text.slice(start, end));
  const words = figures ? tokens.slice(1) : tokens;
  const counters = figures ? { packets: BigInt(figures[1]!), bytes: BigInt(figures[2]!) } : undefined;
  const site = { source, family, section: table, announced };
  const { value, diagnostics } = bindCommand(words, counters ? { ...site, counters } : site);
  if (value?.kind !== "append") return { chain: "", rule: undefined, said: diagnostics.length };
  const draft = draftOf(table);
  const edited = refusable(() => editTable(draft, value));
  const rules = draft.chain(value.chain)?.rules ?? [];
  const said = diagnostics.length + (edited.ok ? 0 : 1);
  return { chain: value.chain, rule: rules.length === 1 ? rules[0] : undefined, said };
}

const plainRule = (rule: Rule | undefined): unknown =>
  rule && {
    spec: rule.spec,
    matches: rule.matches,
    target: rule.target,
    counters: rule.counters,
    needs: rule.needs,
    origin: rule.origin?.span,
  };

const subsets = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: 1 << all.length }, (_, bits) => all.filter((_, index) => bits & (1 << index)));

/** What the kernel takes by the quick reader's word it takes wherever a chain with the rule is reached from. */
function holdTaken(quick: SavedRule, rule: Rule, chain: string, { family, table }: Line): void {
  const hooks = builtinChains(table);
  const isBuiltin = hooks.some((hook) => hook === chain);
  for (const some of isBuiltin ? [hooks.filter((hook) => hook === chain)] : subsets(hooks)) {
    if (!quick.isTakenAt(some)) continue;
    const draft = draftOf(table);
    const jump = rule.with({ spec: {}, matches: [], target: { kind: "jump", chain } });
    for (const hook of isBuiltin ? [] : some) draft.append(hook, jump);
    draft.append(chain, rule);
    const refused = placeRefusals(draft, family, () => new JumpGraph(draft)).map(({ message }) => message);
    expect(refused, printRule(rule, chain, family)).to.deep.equal([]);
  }
}

interface Held {
  /** How many lines the quick reader read, and how many of them it took for iptables-save's own text. */
  readonly read: number;
  readonly canonical: number;
}

/** Holds lines that stand in one source to the laws: what a reader remembers of one line must not spoil another. */
function hold(lines: readonly Line[]): Held {
  const source = { name: "lines", text: lines.map(({ text }) => `${text}\n`).join("") };
  const readers = new Map<string, QuickRuleReader>();
  let read = 0;
  let canonical = 0;
  let start = 0;
  for (const line of lines) {
    const { text, family, table } = line;
    const end = start + text.length;
    const key = `${family} ${table}`;
    const site = { source, family, table, chains: draftOf(table), announced, keepCounters: true };
    const reader = readers.get(key) ?? new QuickRuleReader(site);
    readers.set(key, reader);
    const quick = reader.read(start, end);
    if (quick !== undefined) {
      read++;
      const { chain, rule, said } = readFully(source, [start, end], line);
      expect({ said, chain, rule: plainRule(rule) }, text).to.deep.equal({
        said: 0,
        chain: quick.chain,
        rule: plainRule(quick.rule),
      });
      // the full reader's rule prints by its parts, the quick reader's perhaps by its text
      expect(printRule(quick.rule, chain, family)).to.equal(printRule(rule!, chain, family));
      if (!(quick.rule instanceof SavedRule)) throw new Error("the quick reader makes saved rules");
      if (quick.rule.canonicalText !== undefined) canonical++;
      holdTaken(quick.rule, rule!, chain, line);
    }
    start = end + 1;
  }
  return { read, canonical };
}

interface Golden {
  readonly rule: string;
  readonly family?: Family;
  readonly at?: string;
  readonly saves?: string;
}

const goldens: readonly Golden[] = readdirSync("fixtures/extensions").flatMap((file): Golden[] =>
  JSON.parse(readFileSync(`fixtures/extensions/${file}`, "utf8")),
);

function lineOf(golden: Golden, rule: string): Line {
  const { family = "ipv4", at = "filter/INPUT" } = golden;
  const [table, chain] = at.split("/") as [TableName, string];
  return { text: `-A ${chain} ${rule}`, family, table };
}

describe("the quick reader of rules", () => {
  it("reads nearly all that iptables-save prints, as the full reader does", () => {
    const printed = goldens.flatMap((golden) => (golden.saves ? [lineOf(golden, golden.saves)] : []));
    const { read, canonical } = hold(printed);
    expect(read / printed.length).to.be.greaterThan(0.9);
    expect(canonical / printed.length).to.be.greaterThan(0.9);
  });

  it("reads what people write as the full reader does, or not at all", () => {
    expect(hold(goldens.map((golden) => lineOf(golden, golden.rule))).read).to.be.greaterThan(0);
  });

  it("reads lines put together at random as the full reader does, or not at all", () => {
    const parts = goldens.flatMap((golden) => golden.rule.split(/(?<!!) (?=!? ?-[mjg] |! -|-[a-z] )/));
    const own = [
      ...[
        "-s 10.0.0.1",
        "-s 10.0.0.0/8",
        "! -s 10.1.0.0/255.255.0.0",
        "-d 0.0.0.0/0",
        "-s 10.0.0.1,10.0.0.2",
      ],
      ...["-p tcp", "-p 6", "! -p udp", "-p all", "-p ICMP", "-i eth0", "! -o ppp+", "-i +", "-f", "-c 1 2"],
      ...["-j ACCEPT", "-j USER", "-g LOG-DROP", "-j INPUT", "-j nowhere", "-j DROP", "-m tcp", "-4", "!"],
      ...[
        "--dport 22",
        '-m comment --comment "a \\"b\\" -j c"',
        "-m comment --comment ssh",
        '-m comment --comment "two words"',
        "-m comment --comment -j",
        "-m comment --comment --x",
        "-m limit",
        "-j",
        "-s ::1",
        "-d 2001:db8::/32",
      ],
    ];
    const word = fc.oneof(fc.constantFrom(...own), fc.constantFrom(...parts));
    const line = fc.record({
      parts: fc.array(word, { maxLength: 5 }),
      head: fc.constantFrom(
        "-A INPUT",
        "-A USER",
        "[3:180] -A FORWARD",
        "-A POSTROUTING",
        "-I INPUT",
        "-A  OUTPUT",
      ),
      joint: fc.constantFrom(" ", " ", " ", "  ", "\t"),
      family: fc.constantFrom<Family>("ipv4", "ipv6"),
      table: fc.constantFrom<TableName>("filter", "nat", "mangle"),
    });
    const lines = fc.array(
      line.map(({ parts: words, head, joint, ...place }) => ({
        text: [head, ...words].join(joint),
        ...place,
      })),
      { maxLength: 6 },
    );
    let read = 0;
    fc.assert(
      fc.property(lines, (some) => {
        read += hold(some).read;
      }),
      { numRuns: 1000 },
    );
    expect(read).to.be.greaterThan(100);
  });
});
