import { namedMask } from "./named-mask.ts";

/** A routing realm, `value[/mask]`. The one name that iproute2 ships is `cosmos` for 0. */
export const realmMask = namedMask("cosmos");
