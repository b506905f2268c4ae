import type { Witness } from "../analyse/witness/find-witness.ts";
import { visibleText } from "../diagnostics/visible-text.ts";

/** What must happen before a witness, a line for each packet. */
export function storyLines({ story, played }: Witness): readonly string[] {
  const lines: string[] = [];
  for (const one of story.before) {
    if (one.kind === "words") lines.push(visibleText(one.words));
    else lines.push("the other side's answer");
  }
  if (played.sent > 1) lines.push(`the packet itself, ${played.sent - 1} times`);
  return shortened(lines);
}

const most = 6;

const shortened = (lines: readonly string[]): readonly string[] =>
  lines.length <= most
    ? lines
    : [...lines.slice(0, most - 2), `… ${lines.length - most + 1} more`, lines.at(-1) ?? ""];

/** How far the packet was really run. */
export const runLine = ({ story }: Witness): string =>
  story.assumed === undefined
    ? "confirmed: the machine ran it"
    : `confirmed: the machine ran it, told that conntrack says ${story.assumed}`;

/** `2026-01-01T00:00:00Z` */
export const isoTime = (seconds: number): string =>
  new Date(Math.floor(seconds) * 1000).toISOString().replace(/\.\d+Z$/, "Z");
