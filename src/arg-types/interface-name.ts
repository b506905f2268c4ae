import { type ArgType, bad, ok } from "./arg-type.ts";

/** IFNAMSIZ without the closing zero. */
const longest = 15;

/** An interface; a trailing `+` stands for any ending (xtables_parse_interface). */
export const interfaceName: ArgType<string> = {
  placeholder: "name[+]",
  words: 1,
  parse([text = ""]) {
    if (text.length <= longest) return ok(text);
    return bad(`interface name \`${text}' must be shorter than IFNAMSIZ (${longest})`);
  },
  print: (name) => name,
  samples: ["eth0", "eth+", "+"],
};
