import type { ArgType } from "./arg-type.ts";
import { integer } from "./integer.ts";

/** A number of 32 bits of which iptables keeps the lower `bits`, without a word. */
export const cutInteger = (bits: 8 | 16, placeholder: string): ArgType<number> => {
  const whole = integer({ min: 0, max: 0xffffffff, placeholder });
  const most = 2 ** bits - 1;
  return {
    ...whole,
    parse(words, site) {
      const read = whole.parse(words, site);
      return read.ok ? { ...read, value: read.value & most } : read;
    },
    samples: [0, 1, most],
  };
};
