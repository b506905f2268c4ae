import type { AddressMask } from "../arg-types/address-mask.ts";
import type { Arg } from "../extensions/extension.ts";
import type { Address, Family } from "../packet/address.ts";
import type { Word } from "../syntax/tree.ts";
import { parseAddressList } from "./address-list.ts";
import { refuse } from "./refusal.ts";
import type { RuleSpec } from "./ruleset.ts";

/**
 * One specification for each pair of a source and a destination, as iptables orders them; conditions that hold for every
 * packet are left out. In `spec` only the `!` of the addresses is read. `single`: more than one is refused (`-R`).
 */
export function expandSpec(
  spec: RuleSpec,
  { s, d }: { readonly s?: Word; readonly d?: Word },
  family: Family,
  single: boolean,
): readonly RuleSpec[] {
  const zero: Address = family === "ipv4" ? 0 : 0n;
  const any: readonly AddressMask[] = [{ address: zero, mask: zero }];
  const sources = s ? parseAddressList(s, family) : any;
  const destinations = d ? parseAddressList(d, family) : any;
  const { source, destination, protocol, inInterface, outInterface, ...others } = spec;
  const list = sources.length > 1 ? s : destinations.length > 1 ? d : undefined;
  if (list && (source?.inverted || destination?.inverted)) {
    const message = "! not allowed with multiple source or destination IP addresses";
    refuse("not-invertible", message, list.span);
  }
  if (list && single) {
    refuse("bad-value", "Replacement rule does not specify a unique address", list.span);
  }
  const kept: RuleSpec = {
    ...(isAny(inInterface) ? {} : { inInterface }),
    ...(isAny(outInterface) ? {} : { outInterface }),
    ...(protocol && protocol.value !== 0 ? { protocol } : {}),
    ...others,
  };
  return sources.flatMap((from) =>
    destinations.map(
      (to): RuleSpec => ({
        ...kept,
        ...(from.mask === zero && !source?.inverted
          ? {}
          : { source: { value: from, inverted: source?.inverted ?? false } }),
        ...(to.mask === zero && !destination?.inverted
          ? {}
          : { destination: { value: to, inverted: destination?.inverted ?? false } }),
      }),
    ),
  );
}

/** True where an interface is not named, or every one is. */
const isAny = (name: Arg<string> | undefined): name is undefined =>
  name === undefined || (name.value === "+" && !name.inverted);
