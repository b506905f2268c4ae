import type { Route } from "../host/host.ts";
import { buildIpv6 } from "../packet/build.ts";
import { setTransportChecksum } from "../packet/checksum.ts";
import type { ParameterProblem } from "../packet/hop-by-hop.ts";
import { findTransport } from "../packet/ipv6-extension-headers.ts";
import type { Packet } from "../packet/packet.ts";
import { allowsError } from "./error-rate.ts";
import { deviceOf } from "./find-route.ts";
import { leastMtu } from "./fragment6.ts";
import type { Journey } from "./journey.ts";
import { icmpFlow } from "./packet-flow.ts";
import { replyMark } from "./reply-mark.ts";

/** An ICMPv6 error (RFC 4443, 3). `word` is what bytes 4 to 7 of the message hold: MTU or pointer. */
export interface Icmp6Error {
  readonly type: number;
  readonly code: number;
  readonly word?: number;
}

const packetTooBig = 2;

/** ICMPV6_PARAMPROB, and its code ICMPV6_UNK_OPTION. */
const parameterProblem = 4;
const unknownOption = 2;

/** Tells the sender which byte of the packet is wrong. */
export const sendParameterProblem = (journey: Journey, { code, pointer }: ParameterProblem): void =>
  sendIcmp6Error(journey, { type: parameterProblem, code, word: pointer }, journey.packet.bytes);

/** icmp6_send (net/ipv6/icmp.c): an error about the journey's packet to its sender, where there may be one. */
export function sendIcmp6Error(journey: Journey, error: Icmp6Error, quoted: Uint8Array): void {
  const { packet, environment } = journey;
  const { source: sender, destination } = packet;
  if (typeof sender !== "bigint" || typeof destination !== "bigint") return;
  const toMany = isMulticast(destination) || packet.packetType !== "unicast";
  const isOption = error.type === parameterProblem && error.code === unknownOption;
  if (toMany && error.type !== packetTooBig && !(isOption && asksForAnswerFromMany(packet, error))) return;
  // nobody, or many, sent it
  if (sender === 0n || isMulticast(sender)) return;
  if (isError(packet)) return;
  const { inDevice } = journey.context;
  const own = !toMany && isOwnAddress(journey, destination) ? destination : undefined;
  // a copy of TEE's remembers where the packet came in that it was made of (IP6CB(skb)->iif)
  const arrival = journey.isCopy ? journey.arrivedOn : inDevice;
  const near =
    arrival === undefined || hasNamedSource(journey, sender)
      ? undefined
      : environment.host.selectSource(arrival, sender);
  // an address of the link means something on that link only (icmp6_iif)
  const outDevice = isLinkLocal(sender) ? linkOf(journey) : undefined;
  const mark = replyMark(journey);
  const back = environment.host.route({
    source: own ?? near,
    destination: sender,
    tos: 0,
    mark,
    inDevice: undefined,
    flow: icmpFlow(58, error.type, error.code),
    outDevice,
  });
  if (!("device" in back) || isAnycast(journey, sender)) return;
  const source = own ?? near ?? back.preferredSource;
  if (typeof source !== "bigint") return;
  const cut = quoted.subarray(0, leastMtu - 48);
  const message = new Uint8Array(8 + cut.length);
  message.set([error.type, error.code]);
  new DataView(message.buffer).setUint32(4, error.word ?? 0);
  message.set(cut, 8);
  const hopLimit = hopLimitOf(journey, back);
  const bytes = buildIpv6({ source, destination: sender, protocol: 58, hopLimit, payload: message });
  setTransportChecksum(bytes);
  if (!allowsError(journey, error, back)) return;
  environment.answer(journey, bytes, { route: back, outDevice, mark });
}

/** icmpv6_rt_has_prefsrc: the way to the sender, whatever the packet's mark, has a source of its own. */
function hasNamedSource({ environment }: Journey, sender: bigint): boolean {
  const way = environment.host.route({
    source: undefined,
    destination: sender,
    tos: 0,
    mark: 0,
    inDevice: undefined,
    flow: icmpFlow(58, 0, 0),
  });
  return "namesSource" in way && way.namesSource === true;
}

/** Where the packet came in, or would have gone out; over loopback, the interface that has the address. */
function linkOf({
  packet,
  environment: { host },
  context: { inDevice, outDevice },
  route,
}: Journey): string | undefined {
  // a packet of the host's own that NAT gave another way has the device of that way
  const ownWay = route && "device" in route ? deviceOf(route) : outDevice;
  const device = inDevice ?? ownWay;
  if (device === undefined || !host.interfaces.get(device)?.loopback) return device;
  for (const { name, addresses } of host.interfaces.values()) {
    if (addresses.some(({ address }) => address === packet.destination)) return name;
  }
  return device;
}

/** opt_unrec (icmp.c): of the options only those with the upper bits 2 are answered by the receivers of a group. */
const asksForAnswerFromMany = ({ bytes }: Packet, { word = 0 }: Icmp6Error): boolean =>
  (bytes[word] ?? 0) >> 6 === 2;

const isMulticast = (address: bigint): boolean => address >> 120n === 0xffn;
const isLinkLocal = (address: bigint): boolean => address >> 118n === 0x3fan;

/** is_ineligible (icmp.c): no error about an error; one whose type is cut off counts as such. */
function isError(packet: Packet): boolean {
  const { protocol, fragmentOffset, sound } = findTransport(packet.bytes);
  if (!sound || protocol !== 58 || fragmentOffset !== 0) return false;
  const type = packet.transportByte(0);
  if (type < 0) return !packet.moreFragments;
  return type < 128;
}

function isOwnAddress({ environment, context: { inDevice } }: Journey, address: bigint): boolean {
  for (const { name, addresses } of environment.host.interfaces.values()) {
    if (isLinkLocal(address) && name !== inDevice) continue;
    if (addresses.some((one) => one.address === address)) return true;
  }
  // ipv6_chk_acast_addr_src: an address that several routers share answers as itself
  return !isLinkLocal(address) && environment.host.addressType(address, undefined) === "ANYCAST";
}

/** ipv6_anycast_destination: an address that several routers share, or the first of a network that the host is in. */
function isAnycast({ environment: { host } }: Journey, address: bigint): boolean {
  if (host.addressType(address, undefined) === "ANYCAST") return true;
  for (const { addresses } of host.interfaces.values()) {
    for (const { address: own, prefixLength } of addresses) {
      const bits = BigInt(128 - prefixLength);
      if (typeof own === "bigint" && prefixLength < 127 && (own >> bits) << bits === address) return true;
    }
  }
  return false;
}

/** ip6_dst_hoplimit: the route's, or else the outgoing interface's setting, 64 unless the host says otherwise. */
export function hopLimitOf({ environment: { host } }: Journey, route: Route): number {
  if ("hopLimit" in route && route.hopLimit !== undefined) return route.hopLimit;
  const device = "device" in route ? route.device : "lo";
  const setting = (name: string) => host.sysctl(`net.ipv6.conf.${name}.hop_limit`);
  return Number(setting(device.replaceAll(".", "/")) ?? setting("default") ?? 64);
}
