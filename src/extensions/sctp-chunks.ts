import type { ChunkTypes } from "../arg-types/sctp-chunks.ts";
import type { Packet } from "../packet/packet.ts";

const commonHeader = 12;

/**
 * Whether the packet's chunks are as wanted; "malformed" where one is cut short or has no length, as far as the walk
 * comes (xt_sctp.c, match_packet).
 */
export function chunksMatch(packet: Packet, { which, chunks }: ChunkTypes): boolean | "malformed" {
  const missing = chunks === "ALL" ? new Set(Array(256).keys()) : new Set(chunks.map(({ type }) => type));
  let at = commonHeader;
  do {
    const type = packet.transportByte(at);
    const flags = packet.transportByte(at + 1);
    const length = packet.transportWord(at + 2);
    if (length <= 0) return "malformed";
    at += (length + 3) & ~3;
    const wanted = chunks === "ALL" ? { flagMask: 0, flags: 0 } : chunks.find((chunk) => chunk.type === type);
    const fits = wanted !== undefined && (flags & wanted.flagMask) === wanted.flags;
    if (which === "any" && fits) return true;
    if (which === "only" && !fits) return false;
    if (which === "all" && fits) missing.delete(type);
  } while (at < packet.transportLength);
  return which === "only" || (which === "all" && missing.size === 0);
}
