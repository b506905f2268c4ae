import type { Zone } from "../arg-types/zone.ts";
import type { Arg } from "./extension.ts";

interface ZoneArgs {
  readonly zone?: Arg<Zone>;
  readonly "zone-orig"?: Arg<Zone>;
  readonly "zone-reply"?: Arg<Zone>;
}

/** The zone options come to one zone and the directions that it is for; both, or none, are `--zone`. */
export function normalZone(args: ZoneArgs) {
  const { "zone-orig": original, "zone-reply": reply } = args;
  // the mark beats numbers, and among those the one that was given last counts
  const given = Object.values(args).filter((arg) => arg !== undefined);
  const arg = given.find(({ value }) => value === "mark") ?? given.at(-1);
  if (arg === undefined || arg.value === 0) return {};
  if (original && !reply) return { "zone-orig": arg };
  return reply && !original ? { "zone-reply": arg } : { zone: arg };
}
