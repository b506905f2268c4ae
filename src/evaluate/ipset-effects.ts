import type { Effect } from "../extensions/effect.ts";
import type { Journey } from "./journey.ts";

/** set_target_v3 (xt_set.c): adds, then deletes, then maps. */
export function changeSets(journey: Journey, effect: Extract<Effect, { kind: "set" }>): void {
  const { context, packet, environment } = journey;
  const { sets } = environment.world;
  const { add, remove, map } = effect;
  for (const set of [add, remove, map]) {
    if (set && sets?.changes(set.name) === undefined) {
      environment.world.assume(`set \`${set.name}\` is not known; \`-j SET\` is taken to leave it alone`);
    }
  }
  if (!sets) return;
  if (add) sets.add(add, context, add);
  if (remove) sets.remove(remove, context);
  const found = map && sets.test(map, context, {});
  if (!map || !found) return;
  if (map.mark) {
    const before = packet.mark;
    packet.mark = ((before & ~found.markMask) ^ found.mark) >>> 0;
    if (packet.mark !== before) journey.note({ kind: "mark", before, after: packet.mark });
  }
  if (map.priority) packet.priority = found.priority;
}
