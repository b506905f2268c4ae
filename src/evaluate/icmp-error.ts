import type { Address } from "../packet/address.ts";
import { buildIpv4 } from "../packet/build.ts";
import { pseudoHeaderSum, setTransportChecksum } from "../packet/checksum.ts";
import type { Packet } from "../packet/packet.ts";
import { allowsError } from "./error-rate.ts";
import { sendIcmp6Error } from "./icmp6-error.ts";
import { echoOptions } from "./ip-option-echo.ts";
import type { Journey } from "./journey.ts";
import { icmpFlow } from "./packet-flow.ts";
import { replyMark } from "./reply-mark.ts";

/** An ICMP error in both families' numbers. `word` is what bytes 4 to 7 of the message hold, e.g. the MTU. */
export interface IcmpError {
  readonly type: number;
  readonly code: number;
  readonly type6: number;
  readonly code6: number;
  readonly word?: number;
}

/** Sends an ICMP error about the journey's packet to its sender; where Linux keeps silent, nothing happens. */
export function sendIcmpError(journey: Journey, error: IcmpError): void {
  const { packet } = journey;
  if (packet.family === "ipv4") sendIcmp4Error(journey, packet, error);
  else sendIcmp6Error(journey, { ...error, type: error.type6, code: error.code6 }, quotedBytes(journey));
}

/** The host is the addressee of this packet: its answer comes from the address that was asked. */
const isLocal = (journey: Journey): boolean => journey.route?.kind === "local";

/**
 * ICMP types that no error is sent about. Besides the errors of RFC 792 that is whatever Linux has no use for below 13,
 * router discovery among it, and whatever it does not know (icmp_pointers, net/ipv4/icmp.c).
 */
const countsAsError = (type: number): boolean =>
  type < 0 || type > 18 || (type < 13 && type !== 0 && type !== 8);

/** __icmp_send (net/ipv4/icmp.c). */
function sendIcmp4Error(journey: Journey, packet: Packet, error: IcmpError): void {
  const { route, environment } = journey;
  if (packet.packetType !== "unicast") return;
  if (route?.kind === "broadcast" || route?.kind === "multicast") return;
  if (packet.fragmentOffset !== 0) return;
  if (packet.protocol === 1 && countsAsError(packet.transportByte(0))) return;
  const destination = packet.source;
  const settled = isLocal(journey) ? packet.destination : inboundAddress(journey);
  // a copy of TEE's may be for the host without being addressed to it; no route starts at a foreign address
  if (settled !== undefined && environment.host.addressType(settled, undefined) !== "LOCAL") return;
  const mark = replyMark(journey);
  const back = environment.host.route({
    source: settled,
    destination,
    tos: (packet.bytes[1]! & 0x1e) | 0xc0,
    mark,
    inDevice: undefined,
    flow: icmpFlow(1, error.type, error.code),
  });
  const source = settled ?? ("preferredSource" in back ? back.preferredSource : undefined);
  const ownAddress = source ?? (back.kind === "local" ? destination : undefined);
  if (ownAddress === undefined || typeof ownAddress !== "number" || typeof destination !== "number") return;
  const mtu = "mtu" in back ? back.mtu : 576;
  const options = echoOptions(journey, ownAddress);
  if (!options) return;
  const quoted = quotedBytes(journey).subarray(0, Math.min(mtu, 576) - 28 - options.length);
  const message = new Uint8Array(8 + quoted.length);
  message[0] = error.type;
  message[1] = error.code;
  new DataView(message.buffer).setUint32(4, error.word ?? 0);
  message.set(quoted, 8);
  const bytes = buildIpv4({
    source: ownAddress,
    destination,
    protocol: 1,
    // RFC 1812, 4.3.2.5: precedence "internetwork control", the sender's TOS
    tos: (packet.bytes[1]! & 0x1e) | 0xc0,
    ttl: defaultTtl(journey),
    options,
    payload: message,
  });
  setTransportChecksum(bytes);
  if (!allowsError(journey, error, back)) return;
  journey.environment.answer(journey, bytes, { route: back, mark });
}

/** Where net.ipv4.icmp_errors_use_inbound_ifaddr is on: the address of the interface that a received packet came in on. */
function inboundAddress({ inbound, packet, environment: { host } }: Journey): Address | undefined {
  const setting = host.sysctl("net.ipv4.icmp_errors_use_inbound_ifaddr");
  if (inbound === undefined || setting === undefined || Number(setting) === 0) return undefined;
  return host.selectSource(inbound, packet.source, "link");
}

/**
 * What an error quotes. In IPv4 a reset of the host's own still waits for its checksum (CHECKSUM_PARTIAL): the field holds the
 * pseudo-header's sum until the packet goes out.
 */
function quotedBytes({ packet, own }: Journey): Uint8Array {
  const bytes = packet.bytes.slice();
  if (!own || packet.family === "ipv6" || packet.protocol !== 6) return bytes;
  new DataView(bytes.buffer).setUint16(packet.transportOffset + 16, pseudoHeaderSum(packet, 6));
  return bytes;
}

/** net.ipv4.ip_default_ttl, 64 unless the host says otherwise. */
export function defaultTtl({ environment }: Journey): number {
  return Number(environment.host.sysctl("net.ipv4.ip_default_ttl") ?? 64);
}
