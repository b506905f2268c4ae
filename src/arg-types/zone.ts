import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseNumber } from "./number.ts";

/** A conntrack zone by number; `mark` takes it from the packet's mark. */
export type Zone = number | "mark";

export const zone: ArgType<Zone> = {
  placeholder: "id|mark",
  words: 1,
  parse([text = ""]) {
    const value = text.toLowerCase() === "mark" ? "mark" : parseNumber(text, 0, 65535);
    return value === undefined ? bad(`Cannot parse ${text} as a zone ID`) : ok(value);
  },
  print: String,
  samples: [1, 65535, "mark"],
};
