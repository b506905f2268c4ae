import { connectionStatus, type Tracking } from "../../packet/connection.ts";
import type { Packet } from "../../packet/packet.ts";
import type { Entry } from "../entry.ts";
import type { Expectations } from "./expectations.ts";
import { followFtp } from "./ftp.ts";

interface HelpRequest {
  readonly packet: Packet;
  readonly entry: Entry;
  readonly tracking: Extract<Tracking, { kind: "tracked" }>;
  /** The packet came back to the host that sent it: it has been shifted on its way out. */
  readonly looped: boolean;
  readonly expectations: Expectations;
}

/** Helper first, sequence numbers second (nf_confirm, nf_conntrack_proto.c). The reason where the packet has to go. */
export function helpPacket({
  packet,
  entry,
  tracking,
  looped,
  expectations,
}: HelpRequest): string | undefined {
  // asked before the helper, which leaves the packet that it makes longer with its own numbers
  const isShifted = entry.has(connectionStatus.sequenceAdjust) && !looped;
  const { direction, state } = tracking;
  if (state === "RELATED" && direction === "reply") return undefined;
  if (entry.rare.ftp) {
    const fault = followFtp(packet, entry, entry.rare.ftp, tracking, expectations);
    if (fault !== undefined) return fault;
  }
  if (!isShifted || !entry.rare.sequenceShift) return undefined;
  const applied = entry.rare.sequenceShift.apply(packet.bytes, packet.transportOffset, direction);
  return applied ? undefined : "the TCP header is too short or malformed to have its numbers shifted";
}
