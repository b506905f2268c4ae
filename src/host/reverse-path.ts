import type { Address } from "../packet/address.ts";
import type { ReversePathOptions } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";
import type { Routing } from "./routing.ts";
import { isLimitedBroadcast, isLinkLocal6, isMulticast, isUnspecified } from "./special-addresses.ts";

const isZeroNet = (address: Address): boolean => typeof address === "number" && address >>> 24 === 0;
/** 224.0.0.0/24 */
const isLocalGroup = (address: Address): boolean => typeof address === "number" && address >>> 8 === 0xe00000;

/**
 * What `-m rpfilter` asks of a received packet, its `--invert` aside: whether an answer to its source would leave by the
 * interface that it came in by (ipt_rpfilter.c, ip6t_rpfilter.c).
 */
export function hasReversePath(
  routing: Routing,
  packet: Packet,
  device: string,
  how: ReversePathOptions,
): boolean {
  if (packet.packetType === "loopback" || routing.interfaces.get(device)?.loopback) return true;
  return packet.family === "ipv4"
    ? reversePath4(routing, packet, device, how)
    : reversePath6(routing, packet, device, how);
}

function reversePath4(routing: Routing, packet: Packet, device: string, how: ReversePathOptions): boolean {
  const { source, destination } = packet;
  // a host that asks for an address of its own
  if (isZeroNet(source) && (isLimitedBroadcast(destination) || isLocalGroup(destination))) return true;
  const shared = isMulticast(destination) || isLimitedBroadcast(destination) || isZeroNet(destination);
  const found = routing.fib.lookup({
    source: shared ? 0 : destination,
    destination: source,
    tos: packet.bytes[1]!,
    mark: how.validMark ? packet.mark : 0,
    inDevice: routing.loopback,
    outDevice: undefined,
  });
  if (found.kind !== "route") return false;
  const { type, nextHops } = found.entry;
  if (type !== "unicast" && !(type === "local" && how.acceptLocal)) return false;
  return how.loose || nextHops.some((hop) => hop.device === device);
}

function reversePath6(routing: Routing, packet: Packet, device: string, how: ReversePathOptions): boolean {
  const { source, destination } = packet;
  if (isUnspecified(source)) return true;
  const query = {
    source: isMulticast(destination) || isUnspecified(destination) ? undefined : destination,
    destination: source,
    tos: 0,
    mark: how.validMark ? packet.mark : 0,
    inDevice: routing.loopback,
    // rules see the first header's protocol, and no ports
    flow: { protocol: packet.bytes[6]!, sourcePort: 0, destinationPort: 0 },
  };
  const onLink = isLinkLocal6(source);
  const any = routing.fib.lookup({ ...query, outDevice: onLink ? device : undefined });
  const first = any.entry;
  if (!first) return false;
  const accepts = ({ type }: { readonly type: string }): boolean =>
    type === "unicast" || type === "multicast" || (type === "local" && how.acceptLocal);
  if (first.type === "local") return how.acceptLocal;
  if (how.loose || (any.kind === "route" && any.nextHop.device === device)) return accepts(first);
  // of several routes to the same network the one by this interface is taken (rt6_device_match)
  const here = routing.fib.lookup({ ...query, outDevice: device });
  return (
    here.kind === "route" &&
    here.entry.table === first.table &&
    here.entry.destination.length === first.destination.length &&
    accepts(here.entry)
  );
}
