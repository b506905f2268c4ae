import { setTransportChecksum } from "../packet/checksum.ts";
import { Packet } from "../packet/packet.ts";

/** An IP packet from `start` to the end of `bytes`. */
export interface PlacedPacket {
  readonly bytes: Uint8Array;
  readonly start: number;
}

export type WholePacket =
  /** `filled`: bytes that the snaplen cut off and zeros stand for. */
  | ({ readonly ok: true; readonly filled: number } & PlacedPacket)
  | { readonly ok: false; readonly reason: string };

const refuse = (reason: string): WholePacket => ({ ok: false, reason });
/** Bytes of the transport header that rules and conntrack may ask for. */
const transportHeader: Readonly<Record<number, number>> = {
  1: 8,
  6: 20,
  17: 8,
  33: 16,
  58: 8,
  132: 12,
  136: 8,
};

/**
 * The IP packet as it was on the wire; in `captured` it starts at `start`. What the snaplen cut off becomes zeros, and the checksum
 * is made to fit them, so that the packet counts with its length and conntrack takes it; where the cut goes through a header it is
 * refused. `onWire`: bytes of the IP packet, link-layer padding among them, that there were.
 */
export function wholePacket(
  captured: Uint8Array,
  start: number,
  onWire: number,
  version: 4 | 6 | undefined,
): WholePacket {
  const own = (captured[start] ?? 0) >> 4;
  if (captured.length <= start) return refuse("cut before the IP header");
  if ((own !== 4 && own !== 6) || (version !== undefined && own !== version)) {
    return refuse("no IP packet behind the link header");
  }
  const asCaptured: WholePacket = { ok: true, bytes: captured, start, filled: 0 };
  return captured.length - start >= onWire
    ? asCaptured
    : filledUp(asCaptured, captured.subarray(start), onWire);
}

function filledUp(asCaptured: WholePacket, bytes: Uint8Array, onWire: number): WholePacket {
  const own = bytes[0]! >> 4;
  const header = own === 6 ? 40 : (bytes[0]! & 15) * 4;
  if (bytes.length < header || header < 20) return refuse("cut inside the IP header");
  const length = own === 6 ? 40 + ((bytes[4]! << 8) | bytes[5]!) : (bytes[2]! << 8) | bytes[3]!;
  // the link layer's padding may be all that is missing; what the header says is longer was not on the wire either
  if (length <= bytes.length || length > onWire) return asCaptured;
  const packet = new Packet(bytes);
  const { protocol, transportOffset, fragmentOffset, moreFragments } = packet;
  const needed = fragmentOffset > 0 ? 0 : (transportHeader[protocol] ?? 0);
  if (
    !packet.headersAreSound ||
    bytes.length < transportOffset + Math.min(needed, length - transportOffset)
  ) {
    return refuse("cut inside the transport header");
  }
  const options = protocol === 6 && fragmentOffset === 0 ? (packet.transportByte(12) >> 4) * 4 : 0;
  if (bytes.length < transportOffset + options) return refuse("cut inside the TCP options");
  const whole = new Uint8Array(length);
  whole.set(bytes);
  const isFragment = fragmentOffset > 0 || moreFragments;
  const noUdpChecksum = protocol === 17 && own === 4 && packet.transportWord(6) === 0;
  if (!isFragment && !noUdpChecksum) setTransportChecksum(whole);
  return { ok: true, bytes: whole, start: 0, filled: length - bytes.length };
}
