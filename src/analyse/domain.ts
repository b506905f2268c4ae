import { fields } from "../packet/fields.ts";
import { impossibleIcmp } from "./icmp-states.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import type { Path } from "./path.ts";
import { inRanges } from "./vector.ts";

/**
 * What can be a packet at all: a state of conntrack's that a packet of its kind can have, no second fragment that starts
 * inside the TCP header, and a total length that the headers fit in.
 */
export function wellFormedOf(space: PacketSpace): PacketSet {
  const { bdd } = space;
  const is = (field: (typeof fields)[keyof typeof fields], low: number, high = low) =>
    inRanges(bdd, space.vector(field), [[low, high]]);
  const cutFlags = is(fields.fragmentOffset, 1);
  const whole = is(fields.fragmentOffset, 0);
  const header = space.headerBytes;
  const shortest: readonly (readonly [protocol: number, bytes: number])[] = [
    [6, 20],
    [17, 8],
    [1, 8],
    [58, 8],
    [132, 12],
    [33, 12],
    [50, 8],
    [108, 4],
    [136, 8],
    // in IPv6 it is no transport header
    ...(space.family === "ipv4" ? ([[51, 12]] as const) : []),
  ];
  let tooShort = is(fields.length, 0, header - 1);
  for (const [protocol, bytes] of shortest) {
    const short = space.and(whole, is(fields.protocol, protocol), is(fields.length, 0, header + bytes - 1));
    tooShort = space.or(tooShort, short);
  }
  return space.minus(space.ct.wellFormed, space.or(cutFlags, tooShort, impossibleIcmp(space)));
}

/**
 * The packets of a path: what is delivered has an incoming interface only, what is sent an outgoing one, what is forwarded
 * both. A received packet has no owner, and one that is delivered is whole: its fragments were put together.
 */
export function domainOf(space: PacketSpace, path: Path): PacketSet {
  const noIn = space.device("inDevice", "", false);
  const noOut = space.device("outDevice", "", false);
  const owned = space.bdd.variable(space.layout.owned);
  const whole = inRanges(space.bdd, space.vector(fields.fragmentOffset), [[0, 0]]);
  switch (path) {
    case "INPUT":
      return space.minus(space.and(space.wellFormed, noOut, whole), space.or(noIn, owned));
    case "FORWARD":
      return space.minus(space.wellFormed, space.or(noIn, noOut, owned));
    case "OUTPUT":
      return space.minus(space.and(space.wellFormed, noIn), noOut);
  }
}

/** What conntrack tracks in no case: neighbour discovery, multicast listeners' and multicast routers' messages (nf_conntrack_proto_icmpv6.c). */
export function exemptPackets(space: PacketSpace): PacketSet {
  if (space.family === "ipv4") return 0;
  const isIcmp = inRanges(space.bdd, space.vector(fields.protocol), [[58, 58]]);
  const kinds = inRanges(space.bdd, space.vector(fields.icmpType), [
    [130, 136],
    [143, 143],
    [151, 152],
  ]);
  return space.and(isIcmp, kinds);
}
