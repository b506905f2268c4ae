import { type Formula, opaque } from "../formula/formula.ts";
import type { Context } from "../packet/context.ts";
import type { Told } from "../packet/told.ts";

/**
 * A question that only the user can answer. Where `answer` gives `undefined` it is `otherwise`, and the trace says what
 * was assumed.
 */
export const told = (
  key: string,
  answer: (told: Told, context: Context) => boolean | undefined,
  otherwise: boolean,
  assumption: string,
): Formula =>
  opaque(key, (context) => {
    const found = answer(context.packet.told, context);
    if (found !== undefined) return found;
    context.world.assume(assumption);
    return otherwise;
  });
