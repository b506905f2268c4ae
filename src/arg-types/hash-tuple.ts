import { type ArgType, bad, ok } from "./arg-type.ts";

/** In the order in which libxt_HMARK looks abbreviations up. */
const parts = ["ct", "src", "dst", "sport", "dport", "proto", "spi"] as const;
export type HashPart = (typeof parts)[number];

/** What of a packet goes into a hash; any abbreviation of a name will do, in any case. */
export const hashTuple: ArgType<readonly HashPart[]> = {
  placeholder: "part[,part...]",
  words: 1,
  parse([text = ""]) {
    const found = new Set<HashPart>();
    const words = text.split(",");
    for (const [index, word] of words.entries()) {
      const last = index === words.length - 1;
      if (word === "" && last) {
        return bad('"--hmark-tuple" requires a list of types with no spaces, e.g. src,dst,sport,dport,proto');
      }
      const part = word === "" ? undefined : parts.find((name) => name.startsWith(word.toLowerCase()));
      if (!part) return bad(`Bad type "${words.slice(index).join(",")}"`, `parts are ${parts.join(", ")}`);
      found.add(part);
    }
    return ok(parts.filter((part) => found.has(part)));
  },
  print: (tuple) => tuple.join(","),
  samples: [["ct"], ["src", "dst", "sport", "dport", "proto"]],
};
