import { namedMask } from "./named-mask.ts";

/** A group of interfaces, `value[/mask]`. The one name that iproute2 ships is `default` for 0. */
export const deviceGroup = namedMask("default");
