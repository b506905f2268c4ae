import { type ArgType, bad, ok } from "./arg-type.ts";
import type { NumberRange } from "./integer-range.ts";
import { readNumber } from "./number.ts";
import { badValueMessage } from "./option-message.ts";

/** Ids, or the name of one whose number only the host knows. */
export type IdRange = NumberRange | { readonly name: string };

/** (uid_t)-1 is no id. */
const maxId = 0xfffffffe;

/** A user or group id, `id-id`, `id:id` or a name (libxt_owner). Of names only `root` is the same on every host. */
export const idRange: ArgType<IdRange> = {
  placeholder: "id[-id]",
  words: 1,
  parse([text = ""], site) {
    if (text === "root") return ok([0, 0]);
    const low = readNumber(text, 0, maxId);
    if (low?.rest === "") return ok([low.value, low.value]);
    const high = /^[-:]/.test(low?.rest ?? "") ? readNumber((low?.rest ?? "").slice(1), 0, maxId) : undefined;
    if (low && high?.rest === "") return ok([low.value, high.value]);
    if (!/^[a-z_][a-z0-9_.-]*\$?$/i.test(text)) return bad(badValueMessage(site, text));
    return {
      ok: true,
      value: { name: text },
      warning: {
        code: "unresolved-name",
        message: `the number of \`${text}\` is not known here; whether a packet is its is assumed`,
        help: `write the number: \`getent passwd ${text}\` (or \`group\`) on the host says it`,
      },
    };
  },
  print: (ids) => ("name" in ids ? ids.name : ids[0] === ids[1] ? `${ids[0]}` : `${ids[0]}-${ids[1]}`),
  samples: [[0, 0], [1000, 1999], [5, 2], [0, maxId], { name: "www-data" }],
};
