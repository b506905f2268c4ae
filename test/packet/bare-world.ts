import type { World } from "../../src/packet/context.ts";

/** A host that knows nothing, at a time in seconds; what is drawn is the least, what is assumed is nobody's concern. */
export const bareWorld = (now = 0): World => ({
  now,
  timeZoneMinutes: 0,
  addressType: () => "UNICAST",
  shared: (_, make) => make(),
  connections: { find: () => undefined },
  random: () => 0,
  chance: (probability) => 0 < probability,
  assume: () => undefined,
});
