import { buildIpv4, type Ipv4Fields } from "../../../src/packet/build.ts";
import { setTransportChecksum } from "../../../src/packet/checksum.ts";
import { buildFrame } from "../../../src/packet/ethernet.ts";
import { toHex } from "../../../src/packet/hex.ts";
import type { ChecksumKind, Input } from "../scenario.ts";
import { hostMac, type Place } from "./places.ts";

/** Offset of the checksum in the transport header, by protocol. */
const checksumAt: Readonly<Record<number, number>> = { 1: 2, 6: 16, 17: 6 };

/** A whole IPv4 packet with the transport checksum that is asked for. */
export function ipPacket(fields: Ipv4Fields, checksum: ChecksumKind = "right"): Uint8Array {
  const bytes = buildIpv4(fields);
  if (checksum === "absent") return bytes;
  setTransportChecksum(bytes);
  const at = checksumAt[fields.protocol];
  if (checksum === "wrong" && at !== undefined && 20 + at < bytes.length) bytes[20 + at]! ^= 0x55;
  return bytes;
}

/** The packet as it comes from a place: a frame to the host's interface, or a local packet. */
export function from(place: Pick<Place, "device" | "mac">, packet: Uint8Array): Input {
  if (place.device === undefined) return { local: true, packet: toHex(packet) };
  return {
    in: place.device,
    frame: toHex(buildFrame(hostMac(place.device), place.mac, packet)),
  };
}
