import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import type { TableName } from "../../src/extensions/extension.ts";
import { bindCommand } from "../../src/model/bind.ts";
import { QuickRuleReader } from "../../src/model/quick-rule.ts";
import { refusable } from "../../src/model/refusal.ts";
import type { Rule } from "../../src/model/ruleset.ts";
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

/** One for all lines of a table, as in a restore: what it remembers of one line must not spoil another. */
const readers = new Map<string, QuickRuleReader>();

function readQuickly({ text, family, table }: Line): { chain: string; rule: Rule } | undefined {
  const source = { name: "line", text };
  const site = { source, family, table, chains: draftOf(table), announced, keepCounters: true };
  const reader = readers.get(`${family} ${table}`) ?? new QuickRuleReader(site);
  readers.set(`${family} ${table}`, reader);
  return reader.read(text, 0, text.length);
}

/** What the full reader makes of the line: its rule as it stands in its chain, and how much it has to say. */
function readFully({ text, family, table }: Line): { chain: string; rule: Rule | undefined; said: number } {
  const { tokens } = lexSaveLine(text, 0, text.length);
  const figures = /^\[(\d+):(\d+)\]/.exec(text);
  const words = figures ? tokens.slice(1) : tokens;
  const counters = figures ? { packets: BigInt(figures[1]!), bytes: BigInt(figures[2]!) } : undefined;
  const site = { source: { name: "line", text }, family, section: table, announced };
  const { value, diagnostics } = bindCommand(words, counters ? { ...site, counters } : site);
  if (value?.kind !== "append") return { chain: "", rule: undefined, said: diagnostics.length };
  const draft = draftOf(table);
  const edited = refusable(() => editTable(draft, value));
  const rules = draft.chain(value.chain)?.rules ?? [];
  const said = diagnostics.length + (edited.ok ? 0 : 1);
  return { chain: value.chain, rule: rules.length === 1 ? rules[0] : undefined, said };
}

const plainRule = (rule: Rule | undefined): unknown => rule && { ...rule, origin: rule.origin?.span };

/** Holds one line to the law; whether the quick reader read it. */
function hold(line: Line): boolean {
  const quick = readQuickly(line);
  if (quick === undefined) return false;
  const { chain, rule, said } = readFully(line);
  expect({ said, chain, rule: plainRule(rule) }, line.text).to.deep.equal({
    said: 0,
    chain: quick.chain,
    rule: plainRule(quick.rule),
  });
  return true;
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
    const read = printed.filter(hold).length;
    expect(read / printed.length).to.be.greaterThan(0.9);
  });

  it("reads what people write as the full reader does, or not at all", () => {
    const read = goldens.filter((golden) => hold(lineOf(golden, golden.rule))).length;
    expect(read).to.be.greaterThan(0);
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
    let read = 0;
    fc.assert(
      fc.property(line, ({ parts: words, head, joint, family, table }) => {
        if (hold({ text: [head, ...words].join(joint), family, table })) read++;
      }),
      { numRuns: 3000 },
    );
    expect(read).to.be.greaterThan(100);
  });
});
