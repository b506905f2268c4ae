import { destinationField, type Field, fields, sourceField } from "../packet/fields.ts";
import { portProtocols } from "./ct-variables.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { inRanges } from "./vector.ts";

/** Counts the different (source, destination, protocol, ports or ICMP type and code) among a set's packets. */
export function countPackets(space: PacketSpace, set: PacketSet): bigint {
  const { bdd } = space;
  const counted = countedLevels(space);
  const flows = bdd.rebuild(space.and(set, onlyOwnFields(space)), (level, low, high) =>
    counted.has(level) ? bdd.node(level, low, high) : bdd.or(low, high),
  );
  const order = [...counted].sort((a, b) => a - b);
  const rank = new Map(order.map((level, index) => [level, index]));
  const rankOf = (node: number): number => (node < 2 ? order.length : rank.get(bdd.levelOf(node))!);
  const known = new Map<number, bigint>([
    [0, 0n],
    [1, 1n],
  ]);
  const below = (node: number): bigint => {
    const found = known.get(node);
    if (found !== undefined) return found;
    const own = rankOf(node);
    let sum = 0n;
    for (const branch of [bdd.lowOf(node), bdd.highOf(node)]) {
      sum += below(branch) << BigInt(rankOf(branch) - own - 1);
    }
    known.set(node, sum);
    return sum;
  };
  return below(flows) << BigInt(rankOf(flows));
}

const flowFields = (space: PacketSpace): readonly Field[] => [
  sourceField(space.family),
  destinationField(space.family),
  fields.protocol,
  fields.sourcePort,
  fields.destinationPort,
  fields.icmpType,
  fields.icmpCode,
];

function countedLevels(space: PacketSpace): ReadonlySet<number> {
  const levels = new Set<number>();
  for (const field of flowFields(space)) {
    const start = space.layout.start(field);
    for (let bit = 0; bit < field.bits; bit++) levels.add(start + bit);
  }
  return levels;
}

/** Fields that a protocol does not have are 0: they count once. */
function onlyOwnFields(space: PacketSpace): PacketSet {
  const { bdd } = space;
  const zero = (...of: readonly Field[]) =>
    of.reduce((all, field) => bdd.and(all, inRanges(bdd, space.vector(field), [[0, 0]])), 1);
  const protocol = space.vector(fields.protocol);
  // a DCCP header has ports, too, though conntrack does not look at them
  const hasPorts = inRanges(bdd, protocol, [...portProtocols, [33, 33]]);
  const icmp = space.family === "ipv4" ? 1 : 58;
  const isIcmp = inRanges(bdd, protocol, [[icmp, icmp]]);
  return space.and(
    bdd.or(hasPorts, zero(fields.sourcePort, fields.destinationPort)),
    bdd.or(isIcmp, zero(fields.icmpType, fields.icmpCode)),
  );
}
