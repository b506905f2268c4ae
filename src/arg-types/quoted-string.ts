import { byteLength } from "../diagnostics/byte-length.ts";
import { type ArgType, ok } from "./arg-type.ts";

/** xtables_save_string: bare where only letters, digits, `-` and `_` stand in it, else quoted with `"`, `\` and `'` escaped. */
export const quote = (text: string): string =>
  /^[-_0-9A-Za-z]+$/.test(text) ? text : `"${text.replace(/["\\']/g, "\\$&")}"`;

/** Text of up to `maxBytes` bytes of UTF-8; iptables cuts off the rest without a word. */
export const quotedString = (placeholder: string, maxBytes: number): ArgType<string> => ({
  placeholder,
  words: 1,
  parse([text = ""]) {
    if (byteLength(text) <= maxBytes) return ok(text);
    let bytes = 0;
    let end = 0;
    for (const character of text) {
      bytes += byteLength(character);
      if (bytes > maxBytes) break;
      end += character.length;
    }
    return ok(text.slice(0, end));
  },
  print: quote,
  samples: ["ssh", "two words", 'say "hi"', "it's \\ so", "", "é"],
});

/** The same, but in quotes whatever it holds, as libxt_cgroup and libxt_bpf print it: nothing in it is escaped. */
export const quotedAlways = (placeholder: string, maxBytes: number): ArgType<string> => ({
  ...quotedString(placeholder, maxBytes),
  print: (text) => `"${text}"`,
  samples: ["ssh", "two words", "/a.slice/b", ""],
});
