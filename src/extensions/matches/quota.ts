import { byteCount } from "../../arg-types/byte-count.ts";
import { invertIf, stateful } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";

export const quota = defineMatch({
  name: "quota",
  summary: "Matches until so many bytes have gone by",
  remembers: true,
  options: { quota: { arg: byteCount, help: "the bytes", invertible: true, required: true } },
  // xt_quota.c: a packet that is larger than what is left does not match, and with it all is used up
  meaning: ({ quota }) =>
    invertIf(
      quota.inverted,
      stateful(`quota of ${quota.value} bytes`, () => {
        let left = quota.value;
        return ({ packet }) => {
          const length = BigInt(packet.length);
          const enough = left >= length;
          left = enough ? left - length : 0n;
          return enough;
        };
      }),
    ),
  examples: [
    { rule: "-m quota --quota 1000 -j ACCEPT", saves: "=" },
    { rule: "-m quota ! --quota 0x10", saves: "-m quota ! --quota 16" },
    { rule: "-m quota --quota -1", refused: "bad-value" },
    { rule: "-m quota", refused: "option-missing" },
  ],
});
