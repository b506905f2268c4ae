import type { Address } from "../packet/address.ts";
import { writeAddress } from "../packet/address.ts";
import { setHeaderChecksum } from "../packet/checksum.ts";
import { sendIcmpError } from "./icmp-error.ts";
import {
  type Option,
  option,
  optionAt,
  problemOf,
  type ReceivedOptions,
  readAddress,
  timestampBytes,
  timestampKind,
} from "./ip-option-list.ts";
import type { Journey } from "./journey.ts";

/**
 * ip_rcv_options: a received packet's options are looked through, and filled in, between routing and the next hook. False
 * where the packet was dropped.
 */
export function receiveOptions(journey: Journey, device: string): boolean {
  const { packet } = journey;
  if (packet.family === "ipv6" || packet.transportOffset === 20) return true;
  const received: ReceivedOptions = { changed: false };
  journey.ipOptions = received;
  const seen = new Set<number>();
  for (let at = 20; ; ) {
    const next = optionAt(packet.bytes, at, packet.transportOffset);
    if (next === undefined) break;
    const wrongAt = "wrongAt" in next ? next.wrongAt : problemOf(packet.bytes, next, seen);
    if (!("wrongAt" in next) && next.type === option.securityLabel) received.securityLabel = next;
    if (wrongAt !== undefined || "wrongAt" in next) return refuse(journey, wrongAt ?? at);
    seen.add(next.type);
    fillIn(journey, received, next);
    at = next.at + next.length;
  }
  return takesSourceRoute(journey, device, seen);
}

function refuse(journey: Journey, wrongAt: number): false {
  sendIcmpError(journey, { type: 12, code: 0, type6: 4, code6: 0, word: wrongAt * 0x1000000 });
  journey.drop(`byte ${wrongAt} of the IP header is no sound option`);
  return false;
}

function takesSourceRoute(journey: Journey, device: string, seen: ReadonlySet<number>): boolean {
  const { environment } = journey;
  if (!seen.has(option.looseRoute) && !seen.has(option.strictRoute)) return true;
  const accepts = (name: string) =>
    environment.host.sysctl(`net.ipv4.conf.${name}.accept_source_route`) === "1";
  if (!accepts("all") || !accepts(device)) {
    journey.drop("the packet asks for a source route, which the host does not accept");
    return false;
  }
  environment.world.assume("source routes (IP option) are not modelled: the packet goes the usual way");
  return true;
}

/** Writes what an option asks of the host, where its pointer says, and moves the pointer on. */
function fillIn(journey: Journey, received: ReceivedOptions, found: Option): void {
  const { bytes } = journey.packet;
  const pointer = bytes[found.at + 2]!;
  const hasRoom = pointer <= found.length;
  const here = found.at + pointer - 1;
  if (found.type === option.recordRoute) {
    received.recordRoute = { ...found, needsAddress: hasRoom };
    if (!hasRoom) return;
    writeAnswerAddress(journey, here);
    bytes[found.at + 2] = pointer + 4;
    received.changed = true;
  } else if (found.type === option.timestamp) {
    const kind = bytes[found.at + 3]! & 15;
    if (hasRoom) fillTimestamp(journey, received, found, here);
    else received.timestamp = { ...found, needsAddress: false, needsTime: false };
    if (hasRoom || kind === timestampKind.prescribed) return;
    // another router without room: the overflow counter
    bytes[found.at + 3] = bytes[found.at + 3]! + 16;
    received.changed = true;
  }
}

function fillTimestamp(journey: Journey, received: ReceivedOptions, found: Option, here: number): void {
  const { packet, environment } = journey;
  const { bytes } = packet;
  const kind = bytes[found.at + 3]! & 15;
  const isOurs = kind === timestampKind.prescribed && !isUnicast(journey, readAddress(bytes, here));
  const withAddress = kind === timestampKind.withAddress;
  const needsTime = kind === timestampKind.timeOnly || withAddress || isOurs;
  received.timestamp = { ...found, needsAddress: withAddress, needsTime };
  if (!needsTime) return;
  if (withAddress) writeAnswerAddress(journey, here);
  const paired = withAddress || isOurs;
  bytes.set(timestampBytes(environment.world.now), here + (paired ? 4 : 0));
  bytes[found.at + 2] = bytes[found.at + 2]! + (paired ? 8 : 4);
  received.changed = true;
}

/** Whether an address is another host's (inet_addr_type). */
const isUnicast = ({ environment }: Journey, address: number): boolean =>
  environment.host.addressType(address, undefined) === "UNICAST";

/** ip_forward_options: behind FORWARD the record route's last entry becomes the address on the way out. */
export function forwardOptions(journey: Journey): void {
  const { packet, environment, ipOptions } = journey;
  if (!ipOptions?.changed) return;
  const { recordRoute } = ipOptions;
  if (recordRoute?.needsAddress) {
    const back = environment.host.route({
      source: packet.source,
      destination: packet.destination,
      tos: packet.bytes[1]!,
      mark: packet.mark,
      inDevice: undefined,
    });
    const address = "preferredSource" in back ? back.preferredSource : undefined;
    const at = recordRoute.at + packet.bytes[recordRoute.at + 2]! - 5;
    if (address !== undefined) writeAddress(packet.bytes, at, address);
  }
  setHeaderChecksum(packet.bytes);
  ipOptions.changed = false;
}

function writeAnswerAddress(journey: Journey, at: number): void {
  const address = answerAddress(journey);
  if (address !== undefined) writeAddress(journey.packet.bytes, at, address);
}

/** fib_compute_spec_dst: the address that the host would answer this packet from. */
function answerAddress({ packet, route, environment }: Journey): Address | undefined {
  if (route?.kind === "local") return packet.destination;
  const back = environment.host.route({
    source: undefined,
    destination: packet.source,
    tos: packet.bytes[1]!,
    mark: packet.mark,
    inDevice: undefined,
  });
  return "preferredSource" in back ? back.preferredSource : undefined;
}
