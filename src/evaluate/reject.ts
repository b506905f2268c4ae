import type { RejectType } from "../extensions/effect.ts";
import type { Route } from "../host/host.ts";
import type { Address } from "../packet/address.ts";
import { buildIpv4, buildIpv6 } from "../packet/build.ts";
import { payloadSum, setTransportChecksum } from "../packet/checksum.ts";
import type { Hook } from "../packet/context.ts";
import { extensionHeader } from "../packet/extension-header.ts";
import type { Packet } from "../packet/packet.ts";
import { hasFoundChecksum, trustsChecksum } from "../packet/trusted-checksum.ts";
import { defaultTtl, type IcmpError, sendIcmpError } from "./icmp-error.ts";
import { hopLimitOf } from "./icmp6-error.ts";
import type { Journey } from "./journey.ts";
import { replyMark } from "./reply-mark.ts";

const unreachable = (code: number): IcmpError => ({ type: 3, code, type6: 1, code6: code });

const errors: Readonly<Record<Exclude<RejectType, "tcp-reset">, IcmpError>> = {
  "icmp-net-unreachable": unreachable(0),
  "icmp-host-unreachable": unreachable(1),
  "icmp-proto-unreachable": unreachable(2),
  "icmp-port-unreachable": unreachable(3),
  "icmp-net-prohibited": unreachable(9),
  "icmp-host-prohibited": unreachable(10),
  "icmp-admin-prohibited": unreachable(13),
  "icmp6-no-route": unreachable(0),
  "icmp6-adm-prohibited": unreachable(1),
  "icmp6-addr-unreachable": unreachable(3),
  "icmp6-port-unreachable": unreachable(4),
  "icmp6-policy-fail": unreachable(5),
  "icmp6-reject-route": unreachable(6),
};

/** Answers the journey's packet as REJECT does (nf_reject_ipv4.c, nf_reject_ipv6.c); the packet itself is dropped after that. */
export function reject(journey: Journey, type: RejectType): void {
  journey.markRejected();
  if (type === "tcp-reset") sendReset(journey);
  else if (journey.packet.fragmentOffset === 0 && isSound(journey)) sendIcmpError(journey, errors[type]);
}

/**
 * Where conntrack has not verified the checksum, Linux sums the IP header along with the payload. Options that the host
 * filled in have no new header checksum by then, and so the packet looks damaged.
 */
function isSound({ packet, context, ipOptions, cameBack, inbound, environment: { host } }: Journey): boolean {
  const isTracked = packet.tracking?.kind === "tracked" && !cameBack;
  const verifies = inbound !== undefined && host.sysctl("net.netfilter.nf_conntrack_checksum") !== "0";
  const verified = isTracked && verifies && [1, 6, 17, 58].includes(packet.protocol);
  // what was found right on its way in is not summed again, whatever SNPT did to it since (skb_csum_unnecessary)
  if (verified || hasFoundChecksum(packet)) return true;
  return ipOptions?.changed !== true && checksumHolds(packet, context.hook);
}

/** Protocols without a checksum over the whole payload: ESP, AH, SCTP, UDPLITE (nf_reject_verify_csum of Linux 6.18). */
const notSummed: ReadonlySet<number> = new Set([50, 51, 132, 136]);
const gre = 47;

/**
 * Only a packet whose checksum holds is answered. For protocols that it does not know, Linux sums the payload as it
 * stands in IPv4, with the pseudo-header in IPv6 (nf_ip_checksum, nf_ip6_checksum), and finds it wrong as a rule.
 */
function checksumHolds(packet: Packet, hook: Hook): boolean {
  const { protocol, family } = packet;
  // of what has no transport header, or nothing behind it, there is no checksum either (reject6_csum_ok)
  if (family === "ipv6") {
    if (!packet.headersAreSound || protocol === extensionHeader.none || packet.transportLength <= 0)
      return false;
    if (protocol === 17 && packet.transportWord(6) === 0) return true;
  }
  if (notSummed.has(protocol)) return true;
  // GRE says in its first bit whether it has a checksum (RFC 2784, 2.2)
  if (protocol === gre && (packet.transportByte(0) & 0x80) === 0) return true;
  return [1, 6, 17, 58].includes(protocol)
    ? trustsChecksum(packet, hook)
    : trustsChecksum(packet, hook, payloadHolds);
}

function payloadHolds(packet: Packet): boolean {
  const sum = payloadSum(packet, packet.family === "ipv6");
  // a payload of zeros adds nothing to the header, whose own sum is right
  return sum === 0xffff || (sum === 0 && packet.family === "ipv4");
}

/** A reset as the receiver would send it (RFC 9293, 3.10.7.1): from the acknowledgement's number, or acknowledging what came. */
function sendReset(journey: Journey): void {
  const { packet, route } = journey;
  if (
    !packet.headersAreSound ||
    packet.protocol !== 6 ||
    packet.fragmentOffset !== 0 ||
    packet.transportLength < 20
  )
    return;
  // nf_send_reset6 answers no packet between other than unicast addresses; `::` is none
  if (packet.family === "ipv6" && ![packet.source, packet.destination].every(isUnicast6)) return;
  const flags = packet.transportByte(13);
  if (flags & 0x04) return;
  if (!trustsChecksum(packet, journey.context.hook)) return;
  if (route?.kind === "broadcast" || route?.kind === "multicast") return;
  const segment = new Uint8Array(20);
  const view = new DataView(segment.buffer);
  view.setUint16(0, packet.transportWord(2));
  view.setUint16(2, packet.transportWord(0));
  const headerLength = (packet.transportByte(12) >> 4) * 4;
  segment[12] = 5 << 4;
  if (flags & 0x10) {
    view.setUint32(4, long(packet, 8));
    segment[13] = 0x04;
  } else {
    const length = packet.transportLength - headerLength + ((flags >> 1) & 1) + (flags & 1);
    view.setUint32(8, (long(packet, 4) + length) >>> 0);
    segment[13] = 0x14;
  }
  const { environment } = journey;
  const mark = replyMark(journey);
  const back = environment.host.route({
    source: packet.destination,
    destination: packet.source,
    tos: 0,
    mark,
    inDevice: undefined,
    flow: { protocol: 6, sourcePort: packet.transportWord(2), destinationPort: packet.transportWord(0) },
  });
  const bytes = resetPacket(journey, back, segment);
  setTransportChecksum(bytes);
  // the connection ends only where there is a way for the reset
  if ("device" in back) environment.conntrack?.setClosing(packet);
  environment.answer(journey, bytes, { mark });
}

const isUnicast6 = (address: Address): boolean => address !== 0n && BigInt(address) >> 120n !== 0xffn;

const long = (packet: Packet, index: number): number =>
  packet.transportWord(index) * 65536 + packet.transportWord(index + 2);

function resetPacket(journey: Journey, back: Route, payload: Uint8Array): Uint8Array {
  const { source, destination } = journey.packet;
  if (typeof source === "number" && typeof destination === "number") {
    const addresses = { source: destination, destination: source };
    return buildIpv4({
      ...addresses,
      protocol: 6,
      tos: 0,
      ttl: defaultTtl(journey),
      dontFragment: true,
      payload,
    });
  }
  const addresses = { source: BigInt(destination), destination: BigInt(source) };
  const hopLimit = hopLimitOf(journey, back);
  return buildIpv6({ ...addresses, protocol: 6, trafficClass: 0, hopLimit, payload });
}
