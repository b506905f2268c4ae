import type { Effect } from "../extensions/effect.ts";
import { setHeaderChecksum } from "../packet/checksum.ts";
import type { Journey } from "./journey.ts";

/** Linux knows no limit: a copy that comes back is copied for ever, its TTL goes from 0 to 255. */
const mostCopies = 256;

/**
 * In front of a copy is room for an Ethernet header, but pskb_copy writes none there: what an ipset reads as an address is
 * none that anybody has.
 */
const unwritten = new Uint8Array(14).fill(0xa5);

/**
 * nf_dup_ipv4, nf_dup_ipv6: a copy that conntrack leaves alone goes to the gateway by way of OUTPUT and POSTROUTING. While it
 * does, nothing is copied.
 */
export function tee(journey: Journey, { gateway, device }: Extract<Effect, { kind: "tee" }>): void {
  const { environment, packet, context } = journey;
  if (journey.isCopy) return;
  if (journey.copies.made >= mostCopies) {
    environment.world.assume(
      "copies that TEE makes come back to the host and are copied again; not followed further",
    );
    return;
  }
  const copy = packet.copy();
  copy.tracking = { kind: "untracked" };
  copy.owner = undefined;
  copy.ethernetHeader &&= unwritten;
  const { bytes, family } = copy;
  const arrives = context.hook === "PREROUTING" || context.hook === "INPUT";
  // a copy that comes back shall not go round for ever
  const lifeAt = family === "ipv4" ? 8 : 7;
  if (arrives) bytes[lifeAt] = bytes[lifeAt]! - 1;
  if (family === "ipv4") {
    bytes[6] = bytes[6]! | 0x40;
    setHeaderChecksum(bytes);
  }
  const route = environment.host.route({
    source: undefined,
    destination: gateway,
    tos: family === "ipv4" ? bytes[1]! : 0,
    mark: 0,
    inDevice: undefined,
    outDevice: device !== undefined && environment.host.interfaces.has(device) ? device : undefined,
  });
  if (!("device" in route)) return;
  journey.copies.made++;
  environment.copy(journey, copy, route);
}
