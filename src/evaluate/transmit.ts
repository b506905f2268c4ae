import type { Route } from "../host/host.ts";
import { setHeaderChecksum } from "../packet/checksum.ts";
import { buildFrame } from "../packet/ethernet.ts";
import type { Packet } from "../packet/packet.ts";
import { fragmentsOf6 } from "./fragment6.ts";
import { sendIcmpError } from "./icmp-error.ts";
import { blankUncopiedOptions } from "./ip-option-list.ts";
import type { Journey } from "./journey.ts";

/** ip_fragment: a packet that must not be cut, and was not put together from pieces. */
function isTooBig({ packet, pieces, cut }: Journey, mtu: number): boolean {
  if (packet.length <= mtu) return false;
  // of a datagram that conntrack put together the longest piece counts (ip6_fragment)
  if (packet.family === "ipv6") return cut === undefined || cut.largest > mtu;
  return (packet.bytes[6]! & 0x40) !== 0 && (!pieces || pieces.largest > mtu);
}

const broadcastMac = new Uint8Array(6).fill(0xff);

type WireRoute = Extract<Route, { device: string }>;

/** Behind POSTROUTING (ip_finish_output): cuts what is too long, finds the neighbour and puts frames on the wire. */
export function transmit(journey: Journey, route: WireRoute, outcome: "sent" | "forwarded"): void {
  const { environment, packet } = journey;
  const device = environment.host.interfaces.get(route.device);
  // a route may have an MTU of its own (ip_skb_dst_mtu)
  const mtu = "mtu" in route ? route.mtu : (device?.mtu ?? 1500);
  if (isTooBig(journey, mtu)) {
    sendIcmpError(journey, { type: 3, code: 4, type6: 2, code6: 0, word: mtu });
    journey.drop(`the packet is larger than the route's MTU (${mtu}) and must not be fragmented`);
    return;
  }
  const packets = packet.family === "ipv6" ? fragmentsOf6(journey) : fragmentsOf4(journey, mtu);
  const nextHop = route.kind === "unicast" ? route.nextHop : packet.destination;
  const linkAddress =
    route.kind === "broadcast" ? broadcastMac : environment.host.neighbour(route.device, nextHop);
  if (linkAddress === undefined) {
    const reason = `no neighbour entry for the next hop on ${route.device}: the packet waits for the answer to an ARP request`;
    journey.note({ kind: "dropped", reason });
    journey.end("held", { kind: "host", reason });
    return;
  }
  // the pieces of an IPv6 packet get an identification of the host's own
  if (journey.cut && packets[0] !== packet.bytes) journey.idIsDrawn = true;
  for (const bytes of packets) {
    journey.emit(route.device, device?.mac ? buildFrame(linkAddress, device.mac, bytes) : bytes);
  }
  journey.end(outcome);
}

/**
 * Cuts an IPv4 packet as ip_do_fragment does. A datagram that conntrack put together leaves in the pieces that it came
 * in; others are cut to the MTU, and into none that is longer than its longest piece was.
 */
export function fragmentsOf4(journey: Journey, mtu: number): readonly Uint8Array[] {
  const { packet, pieces, ipOptions } = journey;
  if (!pieces && packet.length <= mtu) return [packet.bytes];
  const headerLength = packet.transportOffset;
  const room = (Math.min(mtu, pieces?.largest ?? mtu) - headerLength) & ~7;
  const asItCame = pieces && keepsPieces(journey, mtu - headerLength) ? pieces.pieces : undefined;
  const lengths = asItCame ?? evenPieces(packet, headerLength, room);
  // "don't fragment" is told again only of pieces that are cut anew, and not where TEE alone said it
  const toldAnew = pieces ? (pieces.dontFragment ? 0x40 : 0) : packet.bytes[6]! & 0xc0;
  const flags = asItCame ? 0 : toldAnew;
  const firstOffset = packet.fragmentOffset * 8;
  const more = packet.moreFragments;
  let offset = 0;
  return lengths.map((length, index) => {
    const bytes = new Uint8Array(headerLength + length);
    bytes.set(packet.bytes.subarray(0, headerLength));
    bytes.set(packet.bytes.subarray(headerLength + offset, headerLength + offset + length), headerLength);
    const units = (firstOffset + offset) >> 3;
    const last = index === lengths.length - 1 && !more;
    bytes[2] = bytes.length >> 8;
    bytes[3] = bytes.length;
    bytes[6] = flags | (last ? 0 : 0x20) | (units >> 8);
    bytes[7] = units;
    if (ipOptions && index > 0) blankUncopiedOptions(bytes, headerLength);
    setHeaderChecksum(bytes);
    offset += length;
    return bytes;
  });
}

/**
 * Whether the datagram still knows its pieces and all of them fit. On its way in, the host looks for a socket that the whole
 * datagram belongs to, and pulls a TCP header that was cut together (tcp_v4_early_demux).
 */
function keepsPieces(
  { packet, pieces, isLinear, inbound, environment: { host } }: Journey,
  room: number,
): boolean {
  if (isLinear || !pieces?.pieces.every((length) => length <= room)) return false;
  const looksForSocket = ["ip", "tcp"].every((name) => host.sysctl(`net.ipv4.${name}_early_demux`) !== "0");
  const isPulled = inbound !== undefined && looksForSocket && packet.protocol === 6;
  return !isPulled || (pieces.pieces[0] ?? 0) >= 20;
}

function evenPieces(packet: Packet, headerLength: number, room: number): readonly number[] {
  const lengths: number[] = [];
  for (let left = packet.length - headerLength; left > 0; left -= room) lengths.push(Math.min(left, room));
  return lengths;
}
