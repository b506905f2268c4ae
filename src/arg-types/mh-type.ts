import { type ArgType, bad, ok } from "./arg-type.ts";
import type { NumberRange } from "./integer-range.ts";
import { parseNumber } from "./number.ts";

/** Mobility header types (RFC 6275, 6.1) in the order in which libip6t_mh.c looks for a name that starts so. */
const names: readonly (readonly [name: string, type: number])[] = [
  ["binding-refresh-request", 0],
  ["brr", 0],
  ["home-test-init", 1],
  ["hoti", 1],
  ["careof-test-init", 2],
  ["coti", 2],
  ["home-test", 3],
  ["hot", 3],
  ["careof-test", 4],
  ["cot", 4],
  ["binding-update", 5],
  ["bu", 5],
  ["binding-acknowledgement", 6],
  ["ba", 6],
  ["binding-error", 7],
  ["be", 7],
];

function parseType(text: string): number | undefined {
  const lower = text.toLowerCase();
  // a whole name before an abbreviation: `hot` is not `hoti`
  const named = names.find(([name]) => name === lower) ?? names.find(([name]) => name.startsWith(lower));
  return named?.[1] ?? parseNumber(text, 0, 255);
}

/** A mobility header's type or a range of them (libip6t_mh.c). */
export const mhType: ArgType<NumberRange> = {
  placeholder: "type[:type]",
  words: 1,
  parse([text = ""]) {
    const colon = text.indexOf(":");
    const [from, to] = colon < 0 ? [text, text] : [text.slice(0, colon), text.slice(colon + 1)];
    const low = colon >= 0 && from === "" ? 0 : parseType(from);
    if (low === undefined) return bad(`Invalid MH type \`${from}'`);
    const high = colon >= 0 && to === "" ? 255 : parseType(to);
    if (high === undefined) return bad(`Invalid MH type \`${to}'`);
    return low > high ? bad("Invalid MH type range (min > max)") : ok([low, high]);
  },
  print: ([low, high]) => (low === high ? `${low}` : `${low}:${high}`),
  samples: [
    [0, 0],
    [1, 4],
    [5, 255],
  ],
};
