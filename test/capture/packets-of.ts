import type { CapturedPacket, PacketSource } from "../../src/capture/captured-packet.ts";

/** All packets that a source has by now. */
export function packetsOf(source: PacketSource): readonly CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  for (let packet = source.next(); packet; packet = source.next()) packets.push(packet);
  return packets;
}
