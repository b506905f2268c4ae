import { type Formula, invertIf, opaque, stateful, unknown } from "../formula/formula.ts";
import { familyOf } from "../packet/address.ts";
import type { Context } from "../packet/context.ts";
import { destinationField, sourceField } from "../packet/fields.ts";
import type { SetReference, SetTest } from "../packet/host-sets.ts";
import type { Site } from "./extension.ts";

/**
 * The packet is in the set, or is not: ranges of addresses where the set holds nothing else, else a look at the host's set. A
 * set that nobody told matches neither way.
 */
export function inSet(
  reference: SetReference,
  inverted: boolean,
  how: SetTest,
  { sets, family }: Pick<Site, "sets" | "family">,
): Formula {
  const { name, directions } = reference;
  const changes = sets?.changes(name);
  if (changes === undefined) {
    return unknown(`what is in the set \`${name}\` is not known; taken as not matching`);
  }
  const plain = !how.returnNomatch && how.packets === undefined && how.bytes === undefined;
  const ranges = plain ? sets?.ranges?.(name) : undefined;
  const [end] = directions;
  if (ranges && end) {
    const field = (end === "src" ? sourceField : destinationField)(family);
    // a set of the other family holds none of these packets
    const own = ranges.filter(([low]) => familyOf(low) === family);
    return invertIf(inverted, { kind: "in", field, ranges: own });
  }
  const key = `in set ${name} by ${directions.join(",")}`;
  const test = (context: Context): boolean => context.world.sets?.test(reference, context, how) !== undefined;
  return invertIf(
    inverted,
    changes ? stateful(key, () => test) : opaque(how.returnNomatch ? `${key}, exceptions only` : key, test),
  );
}
