import { type ArgType, bad, ok } from "./arg-type.ts";
import { readCNumber } from "./number.ts";
import { optionOf, ownerOf } from "./option-message.ts";

export type CountRange = readonly [low: bigint, high: bigint];
export const maxCount = (1n << 64n) - 1n;

/** `from[:to]` in 64 bits, as libxt_connbytes reads it: without an end it goes on for ever. */
export const countRange: ArgType<CountRange> = {
  placeholder: "from[:to]",
  words: 1,
  parse([text = ""], site) {
    const parts = text.split(":");
    if (parts.length > 2)
      return bad(`${ownerOf(site)}Too many components for option ${optionOf(site)} (max: 2)`);
    const bounds: bigint[] = [];
    for (const [index, part] of parts.entries()) {
      const read = part === "" ? { value: index === 0 ? 0n : maxCount, rest: "" } : readCNumber(part);
      if (read?.rest !== "") {
        const near = parts.slice(index).join(":");
        const range = `or out of range (0-${maxCount}).`;
        return bad(`${ownerOf(site)}bad value for option ${optionOf(site)} near "${near}", ${range}`);
      }
      bounds.push(read.value);
    }
    const [low = 0n, high = maxCount] = bounds;
    return low > high ? bad(`${low} should be less than ${high}`) : ok([low, high]);
  },
  // iptables-save takes an end of 0 for none, and so loses it
  print: ([low, high]) => (high === maxCount || high === 0n ? `${low}` : `${low}:${high}`),
  samples: [
    [0n, maxCount],
    [100n, 200n],
    [5n, 5n],
  ],
};
