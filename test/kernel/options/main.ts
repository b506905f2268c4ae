/**
 * `npm run test:options -- [--seed SEED] [--lines N] [--jobs N] [--keep FILE] [--record FILE]`: compares what the installed iptables-legacy and
 * ip6tables-legacy accept, refuse and list with what we do. Without a seed the clock gives one; `--keep` writes all comparisons, `--record` what iptables
 * said of the lines that are compared (fixtures/option-lines.json). Needs root.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { setFamilies } from "../../../src/host/ipset/ipsets.ts";
import { parseIpsets } from "../../../src/host/ipset/parse-ipsets.ts";
import { Dice } from "../generate/dice.ts";
import { unableToRecord } from "../unable.ts";
import { askIptables } from "./ask-iptables.ts";
import { type Comparison, compare, isRefused, isUnknownName } from "./compare.ts";
import { type OptionLine, someOptionLine } from "./option-lines.ts";

const setsText = readFileSync(new URL("../../../fixtures/ipset/golden-sets.txt", import.meta.url), "utf8");
const sets = setFamilies(parseIpsets(setsText).ipsets);

async function ask(lines: readonly OptionLine[], jobs: number): Promise<readonly Comparison[]> {
  const answers = await askIptables(lines, jobs, setsText);
  return lines.map((line, index) => compare(line, answers[index]!, sets));
}

/** Lines that differ are asked again, one after the other: some things are the whole kernel's, such as timers' names. */
async function askTwice(lines: readonly OptionLine[], jobs: number): Promise<readonly Comparison[]> {
  const first = await ask(lines, jobs);
  const again = await ask(
    first.filter(({ result }) => result === "differs").map(({ line }) => line),
    1,
  );
  return [...first.filter(({ result }) => result !== "differs"), ...again];
}

function report(all: readonly Comparison[]): number {
  const differing = all.filter(({ result }) => result === "differs");
  const excepted = all.flatMap(({ result }) => (typeof result === "object" ? [result.exception] : []));
  const accepted = all.filter(({ theirs }) => !isRefused(theirs)).length;
  console.log(`${all.length} lines, of which iptables accepts ${accepted}; ${differing.length} differ`);
  for (const name of new Set(excepted)) {
    console.log(`  ${excepted.filter((one) => one === name).length} not compared: ${name}`);
  }
  const groups = new Map<string, Comparison[]>();
  for (const one of differing) {
    groups.set(one.line.extension, [...(groups.get(one.line.extension) ?? []), one]);
  }
  for (const [extension, group] of [...groups].sort(([, a], [, b]) => b.length - a.length)) {
    console.log(`\n${extension}: ${group.length}`);
    for (const { line, theirs, ours } of group.slice(0, 6)) {
      console.log(`  ${line.family} ${line.at} ${line.rule}\n    iptables: ${theirs}\n    we:       ${ours}`);
    }
  }
  return differing.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: String(Date.now()) },
      lines: { type: "string", default: "2000" },
      jobs: { type: "string", default: "2" },
      keep: { type: "string" },
      record: { type: "string" },
    },
  });
  const problem = unableToRecord();
  if (problem !== undefined) {
    console.error(`test:options: ${problem}`);
    return 2;
  }
  const dice = new Dice(values.seed);
  const lines = Array.from({ length: Number(values.lines) }, () => someOptionLine(dice));
  console.log(`seed ${values.seed}`);
  const all = await askTwice(lines, Number(values.jobs));
  if (values.keep !== undefined) writeFileSync(values.keep, `${JSON.stringify(all, undefined, 1)}\n`);
  if (values.record !== undefined) writeFileSync(values.record, recordText(all));
  return report(all);
}

/** One line each, in the order of families and extensions. */
function recordText(all: readonly Comparison[]): string {
  const rows = all
    .filter(({ result, theirs }) => typeof result === "string" && !isUnknownName(theirs))
    .map(({ line: { rule, family, at, extension }, theirs }) => ({
      place: `${extension} ${family}`,
      row: { rule, family, at, ...(isRefused(theirs) ? { refused: true } : { saves: theirs }) },
    }))
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0));
  return `[\n${rows.map(({ row }) => `  ${JSON.stringify(row)}`).join(",\n")}\n]\n`;
}

process.exitCode = await main();
