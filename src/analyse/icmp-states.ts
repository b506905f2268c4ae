import type { Range } from "../formula/formula.ts";
import { fields } from "../packet/fields.ts";
import type { StateName } from "./ct-variables.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { inRanges } from "./vector.ts";

/** The ICMP types that a tracked packet can have in each state; in no other state is it anything but INVALID. */
type TypesOfState = Readonly<Record<"NEW" | "ESTABLISHED" | "RELATED", readonly Range[]>>;

/**
 * Echo, timestamp, information and address mask requests open a connection, their answers belong to it
 * (nf_conntrack_proto_icmp.c); an error is RELATED to the connection of the packet that it quotes.
 */
const types4: TypesOfState = {
  NEW: [8, 13, 15, 17].map((type) => [type, type] as const),
  ESTABLISHED: [
    [0, 0],
    [8, 8],
    [13, 18],
  ],
  RELATED: [
    [3, 5],
    [11, 12],
  ],
};

/** Echo and node information (nf_conntrack_proto_icmpv6.c); errors, and the redirect, which quotes a packet, too. */
const types6: TypesOfState = {
  NEW: [
    [128, 128],
    [139, 139],
  ],
  ESTABLISHED: [
    [128, 129],
    [139, 140],
  ],
  RELATED: [
    [0, 127],
    [137, 137],
  ],
};

/** The whole ICMP packets, of the space's own family, in states that conntrack gives to no packet of their type. */
export function impossibleIcmp(space: PacketSpace): PacketSet {
  const { bdd, ct } = space;
  const [protocol, types] = space.family === "ipv4" ? [1, types4] : [58, types6];
  const isOf = (state: StateName, ranges: readonly Range[]): PacketSet =>
    bdd.minus(ct.state(state), inRanges(bdd, space.vector(fields.icmpType), ranges));
  const wrong = space.or(
    isOf("NEW", types.NEW),
    isOf("ESTABLISHED", types.ESTABLISHED),
    isOf("RELATED", types.RELATED),
  );
  const isIcmp = inRanges(bdd, space.vector(fields.protocol), [[protocol, protocol]]);
  const isWhole = inRanges(bdd, space.vector(fields.fragmentOffset), [[0, 0]]);
  return space.and(isIcmp, isWhole, wrong);
}
