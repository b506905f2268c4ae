import type { Arg } from "./extension.ts";

/** An option's value without a `!`. */
export const plain = <V>(value: V): Arg<V> => ({ value, inverted: false });

/** A flag that is given. */
export const present: Arg<true> = plain(true);
