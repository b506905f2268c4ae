import { visibleText } from "../diagnostics/visible-text.ts";
import type { TraceEvent } from "../evaluate/trace.ts";
import { type PrintRule, type RuleView, viewRule } from "./rule-view.ts";
import type { Style } from "./style.ts";

export interface RuleRowOptions {
  readonly style: Style;
  readonly printRule: PrintRule;
  /** Show near misses as well. */
  readonly verbose: boolean;
}

/** `rules.v4:12`; a reader finds the folder in the report's head. */
export function placeOf(view: RuleView): string {
  if (view.file === undefined) return `${view.table}/${view.chain}:${view.number}`;
  return `${visibleText(view.file.slice(view.file.lastIndexOf("/") + 1))}:${view.line}`;
}

interface Row {
  readonly place: string;
  readonly number: string;
  readonly text: string;
  readonly below: readonly string[];
}

/**
 * The rules of one phase that matched, a line each: place, number in its chain, text; a chain that was jumped to stands
 * deeper. Marks and log lines stand below the rule that caused them.
 */
export function ruleRows(events: readonly TraceEvent[], options: RuleRowOptions): readonly string[] {
  const { style, printRule, verbose } = options;
  const rows: Row[] = [];
  const chains: string[] = [];
  const depthOf = (chain: string): string => {
    const known = chains.indexOf(chain);
    if (known >= 0) chains.length = known + 1;
    else chains.push(chain);
    return "  ".repeat(chains.length - 1);
  };
  for (const event of events) {
    if (event.kind === "rule" || (event.kind === "near-miss" && verbose)) {
      const view = viewRule(event.rule, event, printRule);
      const text = visibleText(view.text);
      const depth = depthOf(event.chain);
      const missed = event.kind === "near-miss";
      rows.push({
        place: placeOf(view),
        number: `${missed ? "~" : ""}${view.number}`,
        text: depth + (missed ? style.faint(text) : decided(event.result, text, style)),
        below: missed
          ? [`${depth}  ${style.faint(`near miss: ${event.condition}; the packet has ${event.found}`)}`]
          : [],
      });
    } else {
      const words = consequence(event);
      const last = rows.at(-1);
      if (words && last) rows[rows.length - 1] = { ...last, below: [...last.below, `  ${words}`] };
    }
  }
  const placeWidth = Math.max(0, ...rows.map((row) => row.place.length));
  const numberWidth = Math.max(0, ...rows.map((row) => row.number.length));
  const gap = " ".repeat(placeWidth + numberWidth + 4);
  return rows.flatMap((row) => [
    `${style.faint(row.place.padEnd(placeWidth))}  ${row.number.padStart(numberWidth)}  ${row.text}`,
    ...row.below.map((line) => gap + line),
  ]);
}

function decided(
  result: Extract<TraceEvent, { kind: "rule" }>["result"],
  text: string,
  style: Style,
): string {
  switch (result) {
    case "accept":
      return style.good(text);
    case "drop":
    case "reject":
      return style.bad(text);
    case "nat":
      return style.changed(text);
    default:
      return text;
  }
}

/** What a rule did besides its verdict. */
function consequence(event: TraceEvent): string | undefined {
  if (event.kind === "mark") return `mark 0x${event.before.toString(16)} -> 0x${event.after.toString(16)}`;
  if (event.kind === "log") return `log: ${visibleText(event.line)}`;
  return undefined;
}
