import { type ArgType, bad, ok } from "./arg-type.ts";
import type { NumberRange } from "./integer-range.ts";
import { readNumber } from "./number.ts";
import { badValueMessage } from "./option-message.ts";

/** (uid_t)-1 is no id. */
const maxId = 0xfffffffe;

/** A user or group id, or `id-id` (libxt_owner). Of names only `root` is the same on every host. */
export const idRange: ArgType<NumberRange> = {
  placeholder: "id[-id]",
  words: 1,
  parse([text = ""], site) {
    if (text === "root") return ok([0, 0]);
    const low = readNumber(text, 0, maxId);
    if (low?.rest === "") return ok([low.value, low.value]);
    const high = low?.rest.startsWith("-") ? readNumber(low.rest.slice(1), 0, maxId) : undefined;
    if (low && high?.rest === "") return ok([low.value, high.value]);
    const named = /^[a-z_][a-z0-9_-]*\$?$/i.test(text);
    return bad(badValueMessage(site, text), named ? "names are not looked up: write the number" : undefined);
  },
  print: ([low, high]) => (low === high ? `${low}` : `${low}-${high}`),
  samples: [
    [0, 0],
    [1000, 1999],
    [5, 2],
    [0, maxId],
  ],
};
