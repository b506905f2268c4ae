import type { NetworkInterface } from "../host/host.ts";
import { writeAddress } from "../packet/address.ts";
import { buildIpv6 } from "../packet/build.ts";
import { setTransportChecksum } from "../packet/checksum.ts";
import { leastMtu } from "./fragment6.ts";
import type { Journey } from "./journey.ts";

const redirect = 137;
const targetLinkAddress = 2;
const redirectedHeader = 4;
/** ICMPv6 header, target and destination (RFC 4861, 4.5). */
const messageLength = 40;
/** Seconds. */
const redirectPeriod = 1;

const isLinkLocal = (address: bigint): boolean => address >> 118n === 0x3fan;

/**
 * ndisc_send_redirect (net/ipv6/ndisc.c): a packet that goes on by the interface it came in by could have gone to the next
 * hop itself, and its sender is told so. Only routers by their address of the link do, and only about such a next hop or
 * about a neighbour.
 */
export function sendRedirect6(journey: Journey, device: string, nextHop: bigint): void {
  const { packet, environment } = journey;
  const { source: sender, destination } = packet;
  const { host, peers, world } = environment;
  if (typeof sender !== "bigint" || typeof destination !== "bigint") return;
  // both limits of ip6_forward and ndisc_send_redirect: by destination, then by sender
  if (!peers.allowsError(destination, world.now, redirectPeriod)) return;
  const own = host.interfaces.get(device);
  const source = linkLocalOf(own);
  if (source === undefined || (nextHop !== destination && !isLinkLocal(nextHop))) return;
  const query = { source, destination: sender, tos: 0, mark: 0, inDevice: undefined, outDevice: device };
  const route = host.route(query);
  if (route.kind !== "unicast" || route.nextHop !== sender) return;
  if (!peers.allowsError(sender, world.now, redirectPeriod)) return;
  const mac = host.neighbour(device, nextHop);
  const options = [...(mac ? [targetLinkAddress, 1, ...mac] : [])];
  const room = leastMtu - 40 - messageLength - options.length;
  const quoted = Math.min(room, packet.length + 8) & ~7;
  const payload = new Uint8Array(messageLength + options.length + quoted);
  payload[0] = redirect;
  writeAddress(payload, 8, nextHop);
  writeAddress(payload, 24, destination);
  payload.set(options, messageLength);
  const at = messageLength + options.length;
  payload.set([redirectedHeader, quoted >> 3], at);
  payload.set(packet.bytes.subarray(0, quoted - 8), at + 8);
  const bytes = buildIpv6({ source, destination: sender, protocol: 58, hopLimit: 255, payload });
  setTransportChecksum(bytes);
  environment.answer(journey, bytes, { route, outDevice: device, isUnattached: true });
}

function linkLocalOf(own: NetworkInterface | undefined): bigint | undefined {
  for (const { address } of own?.addresses ?? []) {
    if (typeof address === "bigint" && isLinkLocal(address)) return address;
  }
  return undefined;
}
