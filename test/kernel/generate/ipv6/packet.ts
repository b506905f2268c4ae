import { buildIpv6 } from "../../../../src/packet/build.ts";
import { setTransportChecksum, transportChecksumOk } from "../../../../src/packet/checksum.ts";
import { checkIpHeader } from "../../../../src/packet/ip-header.ts";
import { Packet } from "../../../../src/packet/packet.ts";
import { sixOf } from "./addresses.ts";
import { sixTypeOf } from "./icmp-types.ts";

const errors: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** The IPv6 packet that stands for an IPv4 one; a faulty header makes a faulty one. */
export function sixPacket(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 20) return bytes.slice();
  const packet = new Packet(bytes);
  const six = withHeaders(packet, payloadOf(packet));
  const number = packet.protocol;
  const at = six.length - Math.max(0, packet.transportLength);
  const checksumAt = { 1: 2, 6: 16, 17: 6 }[number];
  const absent = number === 17 && packet.transportWord(6) === 0;
  if (checksumAt !== undefined && packet.fragmentOffset === 0 && !packet.moreFragments && !absent) {
    setTransportChecksum(six);
    if (!transportChecksumOk(packet) && at + checksumAt < six.length) six[at + checksumAt]! ^= 0x55;
  }
  if (!checkIpHeader(bytes).ok) six[5] = six[5]! + 30;
  return six;
}

/** The transport header and data, with ICMP in IPv6's numbers. */
function payloadOf(packet: Packet): Uint8Array {
  const payload = packet.bytes.slice(packet.transportOffset);
  const [type, code] = payload;
  if (packet.protocol !== 1 || packet.fragmentOffset !== 0 || type === undefined) return payload;
  const six = sixTypeOf(type, code ?? 0);
  payload[0] = six.type;
  if (payload.length > 1) payload[1] = six.code;
  if (!errors.has(type) || payload.length < 28) return payload;
  const quoted = withHeaders(new Packet(payload.slice(8)), payload.slice(28));
  return Uint8Array.from([...payload.slice(0, 8), ...quoted]);
}

/** The IPv6 header and, for options and fragments, the extension headers that they take. */
function withHeaders(packet: Packet, payload: Uint8Array): Uint8Array {
  const { bytes, source, destination } = packet;
  let protocol = packet.protocol === 1 ? 58 : packet.protocol;
  let content = payload;
  if (packet.fragmentOffset !== 0 || packet.moreFragments) {
    const word = (packet.fragmentOffset << 3) | (packet.moreFragments ? 1 : 0);
    content = Uint8Array.from([
      ...[protocol, 0, word >> 8, word & 255],
      ...[0, 0, bytes[4] ?? 0, bytes[5] ?? 0],
      ...content,
    ]);
    protocol = 44;
  }
  if (packet.transportOffset > 20) {
    // a router alert for a record route, padding for padding
    const options = bytes[20] === 7 ? [5, 2, 0, 0, 1, 0] : [1, 4, 0, 0, 0, 0];
    content = Uint8Array.from([protocol, 0, ...options, ...content]);
    protocol = 0;
  }
  return buildIpv6({
    source: sixOf(Number(source)),
    destination: sixOf(Number(destination)),
    protocol,
    trafficClass: bytes[1] ?? 0,
    hopLimit: bytes[8] ?? 64,
    payload: content,
  });
}
