import { integer } from "../arg-types/integer.ts";
import { allMarkBits, hex, type MarkMask, markMask } from "../arg-types/mark.ts";

const bits = integer({ min: 0, max: allMarkBits, placeholder: "bits" });
const invert = (value: number): number => ~value >>> 0;

/** The change of a mark that MARK and CONNMARK write: clear the mask's bits, then flip the value's. */
export const markChange = {
  arg: { ...markMask, print: ({ value, mask }: MarkMask) => `${hex(value)}/${hex(mask)}` },
  help: "clear the mask's bits, then flip the value's",
} as const;

/** The other ways to write `--set-xmark`. */
export const markChangeSugar = {
  "set-mark": {
    arg: markMask,
    help: "put the value in the mask's bits",
    into: "set-xmark",
    convert: ({ value, mask }: MarkMask): MarkMask => ({ value, mask: (value | mask) >>> 0 }),
  },
  "and-mark": {
    arg: bits,
    help: "keep these bits only",
    into: "set-xmark",
    convert: (value: number): MarkMask => ({ value: 0, mask: invert(value) }),
  },
  "or-mark": {
    arg: bits,
    help: "set these bits",
    into: "set-xmark",
    convert: (value: number): MarkMask => ({ value, mask: value }),
  },
  "xor-mark": {
    arg: bits,
    help: "flip these bits",
    into: "set-xmark",
    convert: (value: number): MarkMask => ({ value, mask: 0 }),
  },
} as const;
