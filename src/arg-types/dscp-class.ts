import { type ArgType, bad, ok } from "./arg-type.ts";

/** Names of the code points: RFC 2474 (CS), RFC 2597 (AF), RFC 3246 (EF); BE is best effort. */
const classes: ReadonlyMap<string, number> = new Map([
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => [`CS${n}`, n * 8] as const),
  ["BE", 0],
  ...[1, 2, 3, 4].flatMap((n) => [1, 2, 3].map((drop) => [`AF${n}${drop}`, n * 8 + drop * 2] as const)),
  ["EF", 46],
]);

/** A DiffServ class by name, as its code point; iptables passes over what stands behind a name. */
export const dscpClass: ArgType<number> = {
  placeholder: "class",
  words: 1,
  parse([text = ""]) {
    const value = [...classes].find(([name]) => text.toUpperCase().startsWith(name))?.[1];
    return value === undefined
      ? bad(`Invalid DSCP value \`${text}'`, `known are ${[...classes.keys()].join(", ")}`)
      : ok(value);
  },
  print: (value) => [...classes].find(([, code]) => code === value)?.[0] ?? `${value}`,
  samples: [...classes.values()],
};
