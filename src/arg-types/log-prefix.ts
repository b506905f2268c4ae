import { type ArgType, bad } from "./arg-type.ts";
import { quotedString } from "./quoted-string.ts";

/** The text before a line of the log: not empty, of one line, cut off behind `maxBytes` without a word. */
export function logPrefix(maxBytes: number): ArgType<string> {
  const text = quotedString("prefix", maxBytes);
  return {
    ...text,
    parse(words, site) {
      if (words[0] === "") return bad("Argument must have a minimum length of 1 characters");
      if (words[0]?.includes("\n")) return bad("Newlines not allowed in --log-prefix");
      return text.parse(words, site);
    },
    samples: ["x", "DROP: ", "it's"],
  };
}
