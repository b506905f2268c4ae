import { type ArgType, bad, ok } from "./arg-type.ts";
import { readCNumber } from "./number.ts";
import { optionOf, ownerOf } from "./option-message.ts";

/** A number of 64 bits. */
export const byteCount: ArgType<bigint> = {
  placeholder: "bytes",
  words: 1,
  parse([text = ""], site) {
    const read = readCNumber(text);
    if (read?.rest === "") return ok(read.value);
    return bad(
      `${ownerOf(site)}bad value for option ${optionOf(site)}, or out of range (0-18446744073709551615).`,
    );
  },
  print: String,
  samples: [0n, 1000n, (1n << 64n) - 1n],
};
