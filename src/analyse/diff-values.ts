import { type Field, fields } from "../packet/fields.ts";
import type { Region } from "./analysis.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import type { Path } from "./path.ts";
import { sharedUnknown } from "./shared-unknowns.ts";
import { subtractConstant, type Vector } from "./vector.ts";

/** What somebody outside the rules can see of what they made of a packet. */
const visible: readonly Field[] = [
  fields.source4,
  fields.source6,
  fields.destination4,
  fields.destination6,
  fields.sourcePort,
  fields.destinationPort,
  fields.mark,
  fields.ctmark,
  fields.tos,
  fields.ttl,
];

/** The fields that the rules changed, with their new values. */
export type Values = ReadonlyMap<Field, Vector>;

/** What a region's packets have become, as far as it can be seen. */
export function valuesOf({ view }: Pick<Region, "view">): Values {
  const values = new Map<Field, Vector>();
  for (const field of visible) {
    const vector = view.rewritten(field);
    if (vector) values.set(field, vector);
  }
  return values;
}

/** Equal where the values are, whatever the packet. */
export const valuesKey = (values: Values): string =>
  [...values].map(([field, vector]) => `${field.name} ${vector.join(",")}`).join("\n");

/** The packets whose values differ; where that hangs on what nobody knows, a free variable says whether they do. */
export function unlike(space: PacketSpace, path: Path, one: Values, other: Values): PacketSet {
  let differs: PacketSet = 0;
  let perhaps: PacketSet = 0;
  const pairs: string[] = [];
  for (const field of new Set([...one.keys(), ...other.keys()])) {
    const a = one.get(field) ?? untouched(space, path, field);
    const b = other.get(field) ?? untouched(space, path, field);
    for (const [at, bit] of a.entries()) {
      const otherBit = b[at] ?? 0;
      if (bit === otherBit) continue;
      const unequal = space.bdd.xor(bit, otherBit);
      differs = space.or(differs, space.definitely(unequal));
      perhaps = space.or(perhaps, space.possibly(unequal));
      pairs.push(`${bit} ${otherBit}`);
    }
  }
  if (space.implies(perhaps, differs)) return differs;
  const what = "which address or port NAT gives";
  return space.or(differs, space.and(perhaps, ...sharedUnknown(space, 1, what, undefined, pairs.join(","))));
}

/** The field of a packet that no rule changed; forwarding takes the TTL down by one. */
function untouched(space: PacketSpace, path: Path, field: Field): Vector {
  const own = space.vector(field);
  return field === fields.ttl && path === "FORWARD" ? subtractConstant(space.bdd, own, 1).difference : own;
}
