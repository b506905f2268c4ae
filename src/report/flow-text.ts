import { visibleText } from "../diagnostics/visible-text.ts";
import type { FlowPacket } from "./flow.ts";
import type { RuleRowOptions } from "./rule-rows.ts";
import type { Style } from "./style.ts";
import { traceText } from "./trace-text.ts";

/** The traces of a flow for people; a single packet without name and expectation is its trace alone. */
export function flowText(packets: readonly FlowPacket[], options: RuleRowOptions): string {
  const start = packets[0]?.at ?? 0;
  const alone = packets.length === 1 && packets[0]?.name === undefined;
  const parts = packets.map((packet, index) => {
    const head = alone ? "" : `${headLine(packet, index, start, options.style)}\n`;
    const expected = expectationLines(packet, options.style).map((line) => `${line}\n`);
    return head + traceText(packet.trace, options) + expected.join("");
  });
  const summary = summaryLine(packets, options.style);
  return parts.join("\n") + (summary === undefined ? "" : `\n${summary}\n`);
}

/** `== 2 · the server answers, +20 ms` */
function headLine(packet: FlowPacket, index: number, start: number, style: Style): string {
  const name = packet.name === undefined ? "" : ` ${visibleText(packet.name)}`;
  return `${style.strong(`== ${index + 1}${name && `:${name}`}`)}${style.faint(`  at +${seconds(packet.at - start)} s`)}`;
}

/** At most microseconds: what the difference of two times since 1970 can hold. */
const seconds = (value: number): string => String(Number(value.toFixed(6)));

function expectationLines({ disappointments }: FlowPacket, style: Style): readonly string[] {
  if (disappointments === undefined) return [];
  if (disappointments.length === 0) return [style.good("as expected")];
  return disappointments.map(({ what, expected, actual }) =>
    style.bad(`NOT as expected: ${what} is ${actual}, not ${expected}`),
  );
}

/** Absent where nothing was expected. */
function summaryLine(packets: readonly FlowPacket[], style: Style): string | undefined {
  const judged = packets.filter((packet) => packet.disappointments !== undefined);
  if (judged.length === 0) return undefined;
  const kept = judged.filter((packet) => packet.disappointments?.length === 0).length;
  const text = `${kept} of ${judged.length} expectations hold`;
  return kept === judged.length ? style.good(text) : style.bad(text);
}
