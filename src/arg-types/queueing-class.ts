import { type ArgType, bad, ok } from "./arg-type.ts";

const four = (value: number): string => value.toString(16).padStart(4, "0");

/** `major:minor` in hexadecimal, as `major << 16 | minor`; what follows the digits is passed over (sscanf(3)). */
export const queueingClass: ArgType<number> = {
  placeholder: "major:minor",
  words: 1,
  parse([text = ""]) {
    const number = "([-+]?)(?:0x)?([0-9a-f]+)";
    const found = new RegExp(`^\\s*${number}:\\s*${number}`, "i").exec(text);
    const [, majorSign, major, minorSign, minor] = found ?? [];
    if (major === undefined || minor === undefined)
      return bad(`Bad class value "${text}"`, "write e.g. `1:10`");
    const low16 = (sign: string | undefined, digits: string) =>
      (sign === "-" ? -1 : 1) * Number.parseInt(digits.slice(-4), 16);
    return ok(((low16(majorSign, major) << 16) | (low16(minorSign, minor) & 0xffff)) >>> 0);
  },
  print: (value) => `${four(value >>> 16)}:${four(value & 0xffff)}`,
  samples: [0, 0x10010, 0xffffffff],
};
