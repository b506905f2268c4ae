import { type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { type IcmpTypeName, icmpTypeNames, icmpv6TypeNames } from "./icmp-type-names.ts";
import { readNumber } from "./number.ts";

/** An ICMP type with a range of codes: 0 to 255 where any code will do. */
export interface IcmpType {
  readonly type: number;
  readonly codes: readonly [low: number, high: number];
}

const anyCode = [0, 255] as const;

function parseByName(
  text: string,
  names: readonly IcmpTypeName[],
  what: string,
): Result<IcmpType> | undefined {
  const fitting = names.filter(([name]) => name.toLowerCase().startsWith(text.toLowerCase()));
  const [first, second] = fitting;
  if (!first) return undefined;
  if (second) {
    return bad(`Ambiguous ${what} type \`${text}': \`${first[0]}' or \`${second[0]}'?`);
  }
  return ok({ type: first[1], codes: first[2] === undefined ? anyCode : [first[2], first[2]] });
}

/** A number or a range of them, and what stands behind. */
function readRange(text: string) {
  const low = readNumber(text, 0, 255);
  if (!low?.rest.startsWith(":")) return low && { low: low.value, high: low.value, rest: low.rest };
  const high = readNumber(low.rest.slice(1), 0, 255);
  return high && { low: low.value, high: high.value, rest: high.rest };
}

function parseByNumber(text: string, what: string): Result<IcmpType> {
  const garbage = (rest: string) => bad(`unknown character ${rest[0]}`);
  const types = readRange(text);
  if (!types) return bad(`Unknown ${what} type \`${text}'`);
  if (types.rest !== "" && !types.rest.startsWith("/")) return garbage(types.rest);
  const codes = types.rest === "" ? undefined : readRange(types.rest.slice(1));
  if (types.rest !== "" && !codes) return bad(`Unknown ${what} code \`${text}'`);
  if (codes && codes.rest !== "") return garbage(codes.rest);
  if (types.low !== types.high) return bad(`${what} type range not supported`);
  return ok({ type: types.low, codes: codes ? [codes.low, codes.high] : anyCode });
}

/** Of a range of codes iptables-save writes the first one only. */
const printType = ({ type, codes: [low, high] }: IcmpType): string =>
  low === 0 && high === 255 ? `${type}` : `${type}/${low}`;

/** `--icmp-type`: a name or the start of one, or `type[/code]`. Type 255 is `any` (libipt_icmp.c). */
export const icmpType: ArgType<IcmpType> = {
  placeholder: "type[/code]",
  words: 1,
  parse: ([text = ""]) => parseByName(text, icmpTypeNames, "ICMP") ?? parseByNumber(text, "ICMP"),
  print: (value) => (value.type === 255 ? "any" : printType(value)),
  samples: [
    { type: 8, codes: anyCode },
    { type: 3, codes: [3, 3] },
    { type: 255, codes: anyCode },
    { type: 0, codes: [255, 255] },
  ],
};

/** `--icmpv6-type`; there is no `any` (libip6t_icmp6.c). */
export const icmpv6Type: ArgType<IcmpType> = {
  placeholder: "type[/code]",
  words: 1,
  parse: ([text = ""]) => parseByName(text, icmpv6TypeNames, "ICMPv6") ?? parseByNumber(text, "ICMPv6"),
  print: printType,
  samples: [
    { type: 128, codes: anyCode },
    { type: 1, codes: [4, 4] },
    { type: 255, codes: anyCode },
  ],
};
