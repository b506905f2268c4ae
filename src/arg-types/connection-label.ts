import { type ArgType, bad, ok } from "./arg-type.ts";
import { readCNumber } from "./number.ts";
import { quote } from "./quoted-string.ts";

/** A connection label's bit, or its name where only the host's connlabel.conf knows the bit. */
export type ConnectionLabel = number | string;

export const connectionLabel: ArgType<ConnectionLabel> = {
  placeholder: "name",
  words: 1,
  parse([text = ""]) {
    if (text === "") return bad("Argument must have a minimum length of 1 characters");
    const read = readCNumber(text);
    // libxt_connlabel keeps 16 bits of a number
    if (read?.rest === "") return ok(Number(read.value & 0xffffn));
    return {
      ok: true,
      value: text,
      warning: {
        code: "unresolved-name",
        message: `which bit the label \`${text}\` is, only the host's connlabel.conf knows`,
        help: "it is taken for a label of its own; a number from 0 to 127 needs no file",
      },
    };
  },
  print: (label) => (typeof label === "number" ? `"${label}"` : quoted(label)),
  samples: [0, 1, 127, "customer", "two words"],
};

/** iptables-save quotes names always. */
const quoted = (name: string): string => {
  const text = quote(name);
  return text.startsWith('"') ? text : `"${text}"`;
};
