import { setHeaderChecksum, setTransportChecksum } from "../../packet/checksum.ts";
import type { Packet } from "../../packet/packet.ts";

/**
 * Puts `text` in the place of `length` bytes at `offset` of a packet, with lengths and checksums brought in line
 * (nf_nat_mangle_tcp_packet). False where the packet would become too long.
 */
export function replacePayload(packet: Packet, offset: number, length: number, text: string): boolean {
  const { bytes } = packet;
  const size = bytes.length - length + text.length;
  if (size > 65535) return false;
  const result = new Uint8Array(size);
  result.set(bytes.subarray(0, offset));
  for (let i = 0; i < text.length; i++) result[offset + i] = text.charCodeAt(i);
  result.set(bytes.subarray(offset + length), offset + text.length);
  const view = new DataView(result.buffer);
  if (packet.family === "ipv4") {
    view.setUint16(2, size);
    setHeaderChecksum(result);
  } else view.setUint16(4, size - 40);
  packet.bytes = result;
  setTransportChecksum(result);
  // left to the device from now on (CHECKSUM_PARTIAL): nobody sums it again, should it come back over loopback
  packet.foundChecksum = "settled";
  return true;
}
