import type { Address } from "../packet/address.ts";
import { writeAddress } from "../packet/address.ts";
import { setHeaderChecksum } from "../packet/checksum.ts";
import type { Packet } from "../packet/packet.ts";
import { sendIcmpError } from "./icmp-error.ts";
import type { Journey } from "./journey.ts";

/** Option numbers (RFC 791, 3.1; RFC 2113). */
const option = { end: 0, none: 1, recordRoute: 7, timestamp: 68, looseRoute: 131, strictRoute: 137 } as const;

/** Where in the header an option stands: the offset of its type byte, and its length. */
interface Option {
  readonly type: number;
  readonly at: number;
  readonly length: number;
}

/** The options of an IPv4 header, or the offset of the byte that is wrong. */
function readOptions({
  bytes,
  transportOffset: end,
}: Packet): readonly Option[] | { readonly wrongAt: number } {
  const options: Option[] = [];
  for (let at = 20; at < end; ) {
    const type = bytes[at]!;
    if (type === option.end) break;
    if (type === option.none) {
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1]! : 0;
    if (length < 2 || at + length > end) return { wrongAt: at };
    const wrongAt = problemOf(bytes, at, length, options);
    if (wrongAt !== undefined) return { wrongAt };
    options.push({ type, at, length });
    at += length;
  }
  return options;
}

/** What ip_options_compile (net/ipv4/ip_options.c) finds wrong with one option. */
function problemOf(
  bytes: Uint8Array,
  at: number,
  length: number,
  before: readonly Option[],
): number | undefined {
  const type = bytes[at]!;
  const isRoute = type === option.recordRoute || type === option.looseRoute || type === option.strictRoute;
  if (!isRoute && type !== option.timestamp) return undefined;
  if (length < (type === option.timestamp ? 4 : 3)) return at + 1;
  const pointer = bytes[at + 2]!;
  if (pointer < (type === option.timestamp ? 5 : 4)) return at + 2;
  if (before.some((other) => other.type === type)) return at;
  return type === option.recordRoute && pointer <= length && pointer + 3 > length ? at + 2 : undefined;
}

/**
 * ip_rcv_options: a received packet's options are looked through between routing and the next hook. A record route gets
 * the address that an answer would come from. False where the packet was dropped.
 */
export function receiveOptions(journey: Journey, device: string): boolean {
  const { packet, environment } = journey;
  if (packet.family === "ipv6" || packet.transportOffset === 20) return true;
  const options = readOptions(packet);
  if ("wrongAt" in options) {
    sendIcmpError(journey, { type: 12, code: 0, type6: 4, code6: 0, word: options.wrongAt * 0x1000000 });
    journey.drop(`byte ${options.wrongAt} of the IP header is no sound option`);
    return false;
  }
  for (const one of options) {
    const { type } = one;
    if (type === option.looseRoute || type === option.strictRoute) {
      const accepts = (name: string) =>
        environment.host.sysctl(`net.ipv4.conf.${name}.accept_source_route`) === "1";
      if (!accepts("all") || !accepts(device)) {
        journey.drop("the packet asks for a source route, which the host does not accept");
        return false;
      }
      environment.world.assume("source routes (IP option) are not modelled: the packet goes the usual way");
    }
    if (type === option.timestamp) environment.world.assume("the IP option for time stamps is not filled in");
    if (type === option.recordRoute) record(journey, one, answerAddress(journey));
  }
  return true;
}

/** ip_forward_options: behind FORWARD the record route's last entry becomes the address on the way out. */
export function forwardOptions(journey: Journey): void {
  const { packet, environment } = journey;
  if (packet.family === "ipv6" || packet.transportOffset === 20) return;
  const options = readOptions(packet);
  if ("wrongAt" in options) return;
  const recordRoute = options.find(({ type }) => type === option.recordRoute);
  if (!recordRoute || !journey.recordedRoute) return;
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
  setHeaderChecksum(packet.bytes);
}

/** Writes an address where the option's pointer says, and moves the pointer on; a full option stays as it is. */
function record(journey: Journey, { at, length }: Option, address: Address | undefined): void {
  const { bytes } = journey.packet;
  const pointer = bytes[at + 2]!;
  if (pointer > length) return;
  if (address !== undefined) writeAddress(bytes, at + pointer - 1, address);
  bytes[at + 2] = pointer + 4;
  journey.recordedRoute = true;
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
