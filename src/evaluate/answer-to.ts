import { packetOfFrame } from "../packet/packet-of-frame.ts";
import { replyTo } from "../packet/reply.ts";
import type { Trace } from "./trace.ts";

/** The other side's answer to a packet, and where it comes from. */
export type Answer =
  | { readonly kind: "arriving"; readonly device: string; readonly bytes: Uint8Array }
  | { readonly kind: "local"; readonly bytes: Uint8Array };

/** What answers a packet as it ended: it comes in where that one left, or is sent if that one was delivered. Else a text says why nothing does. */
export function answerTo(trace: Trace): Answer | string {
  const left = trace.events.findLast((event) => event.kind === "emitted");
  if (left) {
    const bytes = replyTo(packetOfFrame(left.frame));
    return bytes ? { kind: "arriving", device: left.device, bytes } : "nobody answers such a packet";
  }
  if (trace.fate.outcome !== "delivered") return `it was ${trace.fate.outcome}`;
  const delivered = asDelivered(trace);
  const bytes = delivered && replyTo(delivered);
  return bytes ? { kind: "local", bytes } : "nobody answers such a packet";
}

/** The packet as it was at its end: what came in, or what NAT last made of it. */
function asDelivered(trace: Trace): Uint8Array | undefined {
  let bytes: Uint8Array | undefined;
  for (const event of trace.events) {
    if (event.kind === "packet") bytes = event.bytes;
    if (event.kind === "nat") bytes = event.after;
  }
  return bytes;
}
