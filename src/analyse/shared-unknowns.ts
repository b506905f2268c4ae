import type { PacketSpace } from "./packet-space.ts";
import type { Vector } from "./vector.ts";
import type { View } from "./view.ts";

const known = new WeakMap<PacketSpace, Map<string, Vector>>();

/**
 * A number that the host knows and sets do not, e.g. an interface's address: one and the same wherever it is asked of packets
 * that were rewritten alike, in all rule sets of the space. `what` names it to people, `key` tells it from others.
 */
export function sharedUnknown(
  space: PacketSpace,
  width: number,
  what: string,
  view: View | undefined,
  key = "",
): Vector {
  let vectors = known.get(space);
  if (!vectors) {
    vectors = new Map();
    known.set(space, vectors);
  }
  const whole = `${what}\n${width} ${key}\n${view?.rewriteKey ?? ""}`;
  let vector = vectors.get(whole);
  if (!vector) {
    vector = space.unknownVector(width, what);
    vectors.set(whole, vector);
  }
  return vector;
}
