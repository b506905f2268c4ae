import type { Trace } from "../evaluate/trace.ts";
import { toHex } from "../packet/hex.ts";

/**
 * What the world outside the rules sees of a packet's fate, as a text to compare: verdict and outcome, the frames that left
 * the host, what was delivered, and the mark it had. Which rule decided is no part of it, nor is what the log says.
 */
export function visibleFate({ fate, events, emitted }: Trace): string {
  const frames = emitted.map(({ device, frame }) => `${device} ${toHex(frame)}`);
  if (fate.outcome === "dropped" || fate.outcome === "rejected") return [fate.verdict, ...frames].join("\n");
  const delivered = events.findLast(({ kind }) => kind === "nat" || kind === "packet");
  const bytes =
    delivered?.kind === "nat" ? delivered.after : delivered?.kind === "packet" ? delivered.bytes : [];
  const mark = events.findLast(({ kind }) => kind === "mark");
  const queue =
    fate.outcome === "queued" && fate.decision.kind === "rule" ? fate.decision.rule.target : undefined;
  return [
    fate.verdict,
    fate.outcome,
    ...frames,
    toHex(Uint8Array.from(bytes)),
    mark?.kind === "mark" ? `mark ${mark.after}` : "",
    queue?.kind === "known" ? JSON.stringify(queue.args) : "",
  ].join("\n");
}
