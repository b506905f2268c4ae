import { type ArgType, bad, ok } from "./arg-type.ts";
import { readCNumber } from "./number.ts";

/** A counter of 64 bits that a set's entry is held against (parse_counter, libxt_set.c). */
export const counterValue: ArgType<bigint> = {
  placeholder: "value",
  words: 1,
  parse([text = ""]) {
    const read = readCNumber(text);
    return read?.rest === "" ? ok(read.value) : bad(`Cannot parse ${text} as a counter value`);
  },
  print: String,
  samples: [0n, 5n, (1n << 64n) - 1n],
};
