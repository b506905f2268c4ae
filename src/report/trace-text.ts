import { visibleText } from "../diagnostics/visible-text.ts";
import type { Trace, TraceEvent } from "../evaluate/trace.ts";
import { rewrites, summarise } from "../packet/summary.ts";
import { packetLine } from "./packet-line.ts";
import { type Phase, phasesOf } from "./phases.ts";
import { type RuleRowOptions, ruleRows } from "./rule-rows.ts";
import type { Style } from "./style.ts";
import { verdictLines } from "./verdict-lines.ts";

/** A trace for people: the packet, its phases, what left the host, and the verdict with its reason. */
export function traceText(trace: Trace, options: RuleRowOptions): string {
  return `${traceLines(trace, options, [""]).join("\n")}\n`;
}

/** `gap` stands around the phases. */
function traceLines(trace: Trace, options: RuleRowOptions, gap: readonly string[] = []): readonly string[] {
  const assumed = [...new Set(trace.assumptions)];
  return [
    startLine(trace, options.style),
    ...gap,
    ...phasesOf(trace).flatMap((phase) => phaseLines(phase, options)),
    ...gap,
    ...verdictLines(trace, options),
    ...assumed.map((text, index) =>
      index === 0 ? `assumed ${visibleText(text)}` : `        ${visibleText(text)}`,
    ),
  ];
}

function startLine(trace: Trace, style: Style): string {
  const start = trace.events.find((event) => event.kind === "packet");
  if (start === undefined) return style.strong("packet");
  const where = {
    received: `in ${start.device ?? "?"}`,
    sent: "sent by this host",
    generated: "made by this host",
  }[start.what];
  return `${style.strong("packet")}  ${where}: ${packetLine(summarise(start.bytes))}`;
}

const hookWidth = "POSTROUTING".length;
const stepWidth = "nat rewrite".length;
const indent = "      ";
/** Where remarks begin. */
const hang = " ".repeat("  1  ".length + hookWidth + 2 + stepWidth + 2);

/** ` 3  FORWARD      filter       policy DROP`, and the rules below it. */
function phaseLines(phase: Phase, options: RuleRowOptions): readonly string[] {
  const { style } = options;
  const remarks = phase.events.flatMap((event) => remark(event, style)).join("; ");
  const head = [
    style.faint(String(phase.number).padStart(3)),
    (phase.hook ?? "").padEnd(hookWidth),
    style.strong(remarks === "" ? phase.step : phase.step.padEnd(stepWidth)),
    ...(remarks === "" ? [] : [remarks]),
  ];
  return [
    head.join("  "),
    ...phase.events.flatMap((event) => (event.kind === "confirm" ? hanging(secondHalf(event.entry)) : [])),
    ...ruleRows(phase.events, options).map((row) => indent + row),
    ...phase.events.flatMap((event) =>
      event.kind === "answer" ? traceLines(event.trace, options).map((line) => indent + line) : [],
    ),
  ];
}

/** What stands beside the phase's name. */
function remark(event: TraceEvent, style: Style): readonly string[] {
  switch (event.kind) {
    case "policy":
      return [event.policy === "DROP" ? style.bad("policy DROP") : style.faint("policy ACCEPT")];
    case "conntrack":
      return [`${style.strong(event.state)}: ${event.reason}`];
    case "confirm":
      return [firstHalf(event.entry)];
    case "route":
      return [event.again ? `again: ${event.text}` : event.text];
    case "answer":
      return ["this host sends a packet of its own"];
    case "helper":
      return [
        event.before.length === event.after.length
          ? "sequence numbers shifted, for the helper changed what the connection carries"
          : `the helper rewrote what the packet carries: ${event.before.length} -> ${event.after.length} bytes`,
      ];
    case "nat":
      return rewrites(event.before, event.after).map(
        ({ end, before, after }) => `${end} ${style.changed(`${before} -> ${after}`)}`,
      );
    default:
      return [];
  }
}

const hanging = (text: string): readonly string[] => (text === "" ? [] : [hang + text]);

/** An entry has two tuples and is too long for one line: it is cut before what belongs to the reply. */
const replyAt = (entry: string): number => {
  const found = /(?:\[UNREPLIED\] )?src=\S+ dst=\S+(?: (?!src=|dst=)\S+)*$/.exec(entry);
  return found?.index ?? entry.length;
};
const firstHalf = (entry: string): string => entry.slice(0, replyAt(entry)).trimEnd();
const secondHalf = (entry: string): string => entry.slice(replyAt(entry));
