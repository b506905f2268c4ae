import type { ArgType } from "../arg-types/arg-type.ts";
import { anyPort, type PortRange } from "../arg-types/port-range.ts";

/** `--sport` or `--dport` of a transport protocol's match; messages call it by its long name. */
export const portOption = (end: "source" | "destination", arg: ArgType<PortRange>) =>
  ({
    arg,
    help: `${end} port or range`,
    aliases: [`${end}-port`],
    called: `${end}-port`,
    invertible: true,
  }) as const;

/** Where the match asks for a range in any case, all ports unless told, which iptables-save does not print. */
export const anyPortUnlessTold = { fallback: anyPort, omitFallback: true, omitInverted: true } as const;
