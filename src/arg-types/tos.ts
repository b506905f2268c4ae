import { type ArgType, bad, ok } from "./arg-type.ts";
import type { MarkMask } from "./mark.ts";
import { readNumber } from "./number.ts";

/** RFC 1349's names; their mask leaves the ECN bits out (libxt_tos, tos_values.c). */
const names: Readonly<Record<string, number>> = {
  "minimize-delay": 0x10,
  "maximize-throughput": 0x08,
  "maximize-reliability": 0x04,
  "minimize-cost": 0x02,
  "normal-service": 0x00,
};
const nameMask = 0x3f;

const twoDigits = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;

/** `value[/mask]` of the TOS byte, or a name. */
export const tosMask: ArgType<MarkMask> = {
  placeholder: "value[/mask]|name",
  words: 1,
  parse([text = ""]) {
    const named = names[text.toLowerCase()];
    if (named !== undefined) return ok({ value: named, mask: nameMask });
    const value = readNumber(text, 0, 255);
    if (value?.rest === "") return ok({ value: value.value, mask: 255 });
    if (!value?.rest.startsWith("/")) return bad(`Symbolic name "${text}" is unknown`);
    const mask = readNumber(value.rest.slice(1), 0, 255);
    if (mask?.rest !== "") return bad(`Illegal value: "${text}"`);
    return ok({ value: value.value, mask: mask.value });
  },
  print: ({ value, mask }) => `${twoDigits(value)}/${twoDigits(mask)}`,
  samples: [
    { value: 0x10, mask: 0x3f },
    { value: 0, mask: 0xff },
    { value: 0x3f, mask: 0x0f },
  ],
};
