import type { Packet } from "../packet/packet.ts";
import type { Judgement } from "./judged.ts";

const data = 2;
/** Bytes behind the common header, by packet type (RFC 4340, 5; include/linux/dccp.h): a reset's for all beyond. */
const further = [4, 12, 0, 8, 8, 8, 8, 12, 8, 8] as const;

/** The packet's type, 0 to 15. */
export const dccpType = (packet: Packet): number => (packet.transportByte(8) >> 1) & 15;

/** Whether an option stands among the packet's; malformed where the header is too short for its type (dccp_find_option). */
export function hasOption(packet: Packet, option: number): Judgement {
  const type = dccpType(packet);
  const longSequence = (packet.transportByte(8) & 1) === 1;
  const start = (longSequence ? 16 : 12) + (type === data ? 0 : (further[type] ?? 12));
  const end = packet.transportByte(4) * 4;
  if (end < start) return "malformed";
  if (end === start) return false;
  if (end > packet.transportLength) return "malformed";
  for (let at = start; at < end; ) {
    const kind = packet.transportByte(at);
    if (kind === option) return true;
    // kinds 0 to 31 should be single bytes; xt_dccp.c takes 0 and 1 for such only
    at += kind < 2 || at + 1 === end ? 1 : packet.transportByte(at + 1) || 1;
  }
  return false;
}
