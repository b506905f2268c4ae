import { type Flow, verdictsOf } from "../capture/flow-table.ts";
import { visibleText } from "../diagnostics/visible-text.ts";
import { type Address, printAddress } from "../packet/address.ts";
import { protocolName } from "../packet/protocols.ts";
import { comparisonLines } from "./counter-comparison-text.ts";
import { decisionLine } from "./decision-line.ts";
import { deciderLine } from "./diff-sides.ts";
import { type ReplayResult, remarks } from "./replay.ts";
import type { PrintRule } from "./rule-view.ts";
import type { Style } from "./style.ts";

export interface ReplayTextOptions {
  readonly style: Style;
  readonly printRule: PrintRule;
  /** List everything in place of the most important. */
  readonly verbose: boolean;
}

/** How many lines of a kind are listed unless everything is asked for. */
const usualLines = 10;

/** For people: what became of the packets, and who decided. */
export function replayText(result: ReplayResult, options: ReplayTextOptions): string {
  const { against, count, assumptions } = result;
  const { style } = options;
  const leftOut = [...count.skipped].map(([why, packets]) => `  ${packets}  ${why}`);
  const notes = remarks(count).map((text) => `  ${text}`);
  const blocks = [
    [style.strong(headLine(result))],
    verdictLines(result, options),
    deciderLines(result, options),
    flowLines(result, options),
    neverHitLines(result, options),
    against ? comparisonLines(against.comparison, against.file, options) : [],
    leftOut.length > 0 ? ["left out:", ...leftOut] : [],
    notes.length > 0 ? ["of the packets:", ...notes] : [],
    assumptions.length > 0 ? ["assumed:", ...assumptions.map((text) => `  ${visibleText(text)}`)] : [],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headLine({ file, count, captures }: ReplayResult): string {
  const { from, to, packets, replayed } = count;
  const time =
    from === undefined || to === undefined
      ? ""
      : `, ${new Date(from * 1000).toISOString()} and ${(to - from).toFixed(3)} s on`;
  const of = captures.length === 1 ? visibleText(captures[0]!) : `${captures.length} captures`;
  return `${visibleText(file)}: ${replayed} of ${packets} packets of ${of} replayed${time}`;
}

function verdictLines({ count }: ReplayResult, { style }: ReplayTextOptions): readonly string[] {
  const rows = [...count.verdicts].sort(([, one], [, other]) => other.packets - one.packets);
  return rows.map(([verdict, { packets, bytes }]) => {
    const share = `${((100 * packets) / count.replayed).toFixed(1)} %`;
    const word = verdict === "ACCEPT" ? style.good : style.bad;
    return `${word(verdict.padEnd(8))}${String(packets).padStart(12)} packets ${share.padStart(8)} ${String(bytes).padStart(16)} bytes`;
  });
}

function deciderLines({ count }: ReplayResult, { printRule, verbose }: ReplayTextOptions): readonly string[] {
  const all = count.deciders();
  const lines = all.map(
    ({ verdict, packets, decision }) =>
      `${String(packets).padStart(12)}  ${verdict.padEnd(6)}  ${decisionLine(decision, printRule)}`,
  );
  return lines.length === 0 ? [] : ["decided by:", ...shortened(lines, verbose)];
}

function flowLines({ count }: ReplayResult, { verbose }: ReplayTextOptions): readonly string[] {
  const { flows } = count;
  const kinds = [...flows.byVerdicts()].sort(([, one], [, other]) => other - one);
  if (kinds.length === 0) return [];
  const total = kinds.reduce((sum, [, number]) => sum + number, 0);
  const stopped = flows.largest(verbose ? 100 : usualLines, (flow) => verdictsOf(flow) !== "ACCEPT");
  return [
    `flows: ${total}`,
    ...kinds.map(([verdict, number]) => `${String(number).padStart(12)}  ${verdict}`),
    ...(stopped.length === 0 ? [] : ["the largest that did not pass:"]),
    ...stopped.map(
      (flow) => `${String(flow.tally.packets).padStart(12)}  ${flowText(flow)}  ${verdictsOf(flow)}`,
    ),
  ];
}

/** `tcp 192.0.2.1:40000 -> 198.51.100.7:22` */
function flowText({ protocol, source, sourcePort, destination, destinationPort }: Flow): string {
  return `${protocolName(protocol)} ${end(source, sourcePort)} -> ${end(destination, destinationPort)}`;
}

const end = (address: Address, port: number | undefined): string => {
  const text = printAddress(address);
  if (port === undefined) return text;
  return typeof address === "bigint" ? `[${text}]:${port}` : `${text}:${port}`;
};

function neverHitLines(
  { coverage: { rules } }: ReplayResult,
  { printRule, verbose }: ReplayTextOptions,
): readonly string[] {
  const idle = rules.filter(({ hits }) => hits === 0);
  const lines = idle.map(({ place, rule }) => `  ${deciderLine({ ...place, rule }, printRule)}`);
  return [`never hit: ${idle.length} of ${rules.length} rules`, ...shortened(lines, verbose)];
}

const shortened = (lines: readonly string[], verbose: boolean): readonly string[] =>
  verbose || lines.length <= usualLines
    ? lines
    : [...lines.slice(0, usualLines), `  … and ${lines.length - usualLines} more (-v lists them)`];
