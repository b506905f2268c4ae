import type { Address } from "../packet/address.ts";
import { writeAddress } from "../packet/address.ts";
import { setHeaderChecksum } from "../packet/checksum.ts";
import { sendIcmpError } from "./icmp-error.ts";
import { type Option, option, readOptions } from "./ip-option-list.ts";
import type { Journey } from "./journey.ts";

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
