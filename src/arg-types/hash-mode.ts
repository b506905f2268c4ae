import { type ArgType, bad, ok } from "./arg-type.ts";
import { badValueMessage } from "./option-message.ts";

const parts = ["srcip", "srcport", "dstip", "dstport"] as const;
export type HashPart = (typeof parts)[number];

/** What makes a bucket of its own, by exact names with commas; printed in this order, each once. */
export const hashMode: ArgType<readonly HashPart[]> = {
  placeholder: "srcip|srcport|dstip|dstport[,...]",
  words: 1,
  parse([text = ""], site) {
    const given = text.split(",").filter((name) => name !== "");
    const known = parts.filter((part) => given.includes(part));
    return given.every((name) => parts.some((part) => part === name))
      ? ok(known)
      : bad(badValueMessage(site, text), `one of ${parts.join(", ")}`);
  },
  print: (mode) => mode.join(","),
  samples: [["srcip"], ["srcip", "dstport"], parts],
};
