const ethernetHeaderLength = 14;

/**
 * The IP packet of a frame that left an interface: behind the Ethernet header, or the whole frame where the interface has
 * none (tun, ppp). A frame is an IP packet if its own length field says that it ends where the frame ends.
 */
export function packetOfFrame(frame: Uint8Array): Uint8Array {
  const start = packetStart(frame);
  return start === 0 ? frame : frame.subarray(start);
}

/** Where in the frame that packet starts. */
export const packetStart = (frame: Uint8Array): number => (isWholePacket(frame) ? 0 : ethernetHeaderLength);

function isWholePacket(bytes: Uint8Array): boolean {
  if (bytes.length < 20) return false;
  const version = bytes[0]! >>> 4;
  if (version === 4) return wordAt(bytes, 2) === bytes.length;
  return version === 6 && wordAt(bytes, 4) + 40 === bytes.length;
}

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
