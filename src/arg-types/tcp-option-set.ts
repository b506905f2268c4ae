import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseNumber } from "./number.ts";

/** Names of libxt_TCPOPTSTRIP for kinds of TCP options (IANA's registry). */
const kinds: ReadonlyMap<string, number> = new Map([
  ["wscale", 3],
  ["mss", 2],
  ["sack-permitted", 4],
  ["sack", 5],
  ["timestamp", 8],
  ["md5", 19],
]);

/** Kinds of TCP options by name or number, each once; printed as numbers in rising order. */
export const tcpOptionSet: ArgType<readonly number[]> = {
  placeholder: "option[,option...]",
  words: 1,
  parse([text = ""]) {
    const found: number[] = [];
    for (const word of text.split(",")) {
      const kind = kinds.get(word) ?? parseNumber(word, 0, 255);
      if (kind === undefined) {
        return bad(`Bad TCP option value "${word}"`, `names are ${[...kinds.keys()].join(", ")}`);
      }
      if (kind < 2) return bad("Option value may not be 0 or 1");
      if (found.includes(kind)) return bad(`Option "${word}" already specified`);
      found.push(kind);
    }
    return ok(found.sort((a, b) => a - b));
  },
  print: (options) => options.join(","),
  samples: [[2], [2, 8, 30, 255]],
};
