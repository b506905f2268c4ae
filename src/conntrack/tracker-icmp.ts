import { accept, invalid, type Observation, type Tracker } from "./tracker.ts";

/** Requests that open a connection; their answers belong to it by the id. */
const requests4: ReadonlySet<number> = new Set([8, 13, 15, 17]);
const requests6: ReadonlySet<number> = new Set([128, 139]);

const describe = (observation: Observation): string =>
  observation.entry.confirmed
    ? `the ${observation.direction === "reply" ? "answer to" : "repetition of"} a request with this id`
    : "no entry for this id; the request opens one";

/** ICMP queries (nf_conntrack_proto_icmp.c). Errors never come here: see icmp-error.ts. */
export const trackIcmp: Tracker = (observation) => {
  const { entry, packet, direction, now, settings } = observation;
  const type = entry.original.icmpType;
  if (packet.family !== "ipv4") return invalid("ICMP inside IPv6");
  if (!requests4.has(type)) return invalid(`ICMP type ${type} opens no connection`);
  const reason = describe(observation);
  entry.refresh(now, settings.icmp, direction, packet.length);
  return accept(reason);
};

/** ICMPv6 queries (nf_conntrack_proto_icmpv6.c). */
export const trackIcmpv6: Tracker = (observation) => {
  const { entry, packet, direction, now, settings } = observation;
  const type = entry.original.icmpType;
  if (packet.family !== "ipv6") return invalid("ICMPv6 inside IPv4");
  if (!entry.confirmed && !requests6.has(type)) return invalid(`ICMPv6 type ${type} opens no connection`);
  const reason = describe(observation);
  entry.refresh(now, settings.icmpv6, direction, packet.length);
  return accept(reason);
};
