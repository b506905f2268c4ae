import { type Formula, masked, not } from "../formula/formula.ts";
import { ctstates } from "../packet/connection.ts";
import { fields } from "../packet/fields.ts";

/** The packet's ctstate has one of these bits of `ctstates`. */
export const hasState = (bits: number): Formula => not(masked(fields.ctstate, bits, 0));

/** Conntrack has no entry for the packet: it is INVALID or UNTRACKED. */
export const hasNoEntry: Formula = hasState(ctstates.INVALID | ctstates.UNTRACKED);
export const hasEntry: Formula = masked(fields.ctstate, ctstates.INVALID | ctstates.UNTRACKED, 0);
