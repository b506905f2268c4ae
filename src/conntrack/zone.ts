import type { Direction, Zone } from "../packet/connection.ts";

export const defaultZone: Zone = { id: 0, original: 0, reply: 0 };

/** The zone `id` for both directions or for `only` one of them, the other one staying in the default zone. */
export const zoneOf = (id: number, only?: Direction): Zone => ({
  id,
  original: only === "reply" ? 0 : id,
  reply: only === "original" ? 0 : id,
});
