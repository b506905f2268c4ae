import type { ArgType } from "./arg-type.ts";
import { bad, ok } from "./arg-type.ts";
import { readInt } from "./decimal.ts";
import { integer } from "./integer.ts";
import { badValueMessage } from "./option-message.ts";

/** Seconds of `--hashlimit-rate-interval`: kept with a sign; what stands behind the number is not looked at. */
export const rateInterval: ArgType<number> = {
  ...integer({ min: 1, max: 0x7fffffff, placeholder: "seconds" }),
  parse([text = ""], site) {
    const value = readInt(text);
    return value > 0 ? ok(value) : bad(badValueMessage(site, text));
  },
};
