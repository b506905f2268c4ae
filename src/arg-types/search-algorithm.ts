import { type ArgType, ok } from "./arg-type.ts";

/** iptables takes any name of up to 15 characters; it is the kernel that knows two. */
export const searchAlgorithm: ArgType<string> = {
  placeholder: "bm|kmp",
  words: 1,
  parse: ([text = ""]) => ok(text.slice(0, 15)),
  print: (name) => name,
  samples: ["bm", "kmp"],
};
