import { buildIpv6, type Ipv6Fields } from "../../../../src/packet/build.ts";
import { setTransportChecksum } from "../../../../src/packet/checksum.ts";
import { Packet } from "../../../../src/packet/packet.ts";
import type { ChecksumKind } from "../../scenario.ts";

/** Offset of the checksum in the transport header, by protocol. */
const checksumAt: Readonly<Record<number, number>> = { 6: 16, 17: 6, 58: 2 };

/** A whole IPv6 packet with the transport checksum that is asked for. */
export function ipv6Packet(fields: Ipv6Fields, checksum: ChecksumKind = "right"): Uint8Array {
  const bytes = buildIpv6(fields);
  if (checksum === "absent") return bytes;
  setTransportChecksum(bytes);
  const { protocol, transportOffset } = new Packet(bytes);
  const at = transportOffset + (checksumAt[protocol] ?? bytes.length);
  if (checksum === "wrong" && at < bytes.length) bytes[at]! ^= 0x55;
  return bytes;
}
