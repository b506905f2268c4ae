import type { ArgType } from "../../arg-types/arg-type.ts";
import { byteCount } from "../../arg-types/byte-count.ts";
import { integer } from "../../arg-types/integer.ts";
import { logPrefix } from "../../arg-types/log-prefix.ts";
import { defineTarget } from "../extension.ts";

/** A number of 64 bits, of which 32 are printed. */
const size: ArgType<bigint> = {
  ...byteCount,
  print: (value) => String(BigInt.asUintN(32, value)),
  samples: [0n, 100n],
};

const prefix: ArgType<string> = {
  ...logPrefix(31),
  parse(words, site) {
    const read = logPrefix(31).parse(words, site);
    return read.ok ? read : { ...read, message: read.message.replace("--log-prefix", "--ulog-prefix") };
  },
};

export const ulog = defineTarget({
  name: "ULOG",
  summary:
    "Hands a copy of the packet to programs that log (NFLOG's forerunner, gone since Linux 3.17), and goes on",
  validIn: { families: ["ipv4"] },
  options: {
    "ulog-prefix": { arg: prefix, help: "text that goes with it" },
    "ulog-nlgroup": {
      arg: integer({ min: 1, max: 32 }),
      help: "the programs' group",
      fallback: 1,
      omitFallback: true,
    },
    "ulog-cprange": {
      arg: size,
      help: "how many bytes of the packet; 0 is all",
      fallback: 0n,
      omits: (value) => value === 0n,
    },
    "ulog-qthreshold": {
      arg: integer({ min: 1, max: 50 }),
      help: "how many packets are handed over together",
      fallback: 1,
      omitFallback: true,
    },
  },
  effects: ({ "ulog-prefix": text, "ulog-nlgroup": group }) => [
    { kind: "nflog", group: group.value, prefix: text?.value ?? "" },
  ],
  examples: [
    {
      rule: '-j ULOG --ulog-nlgroup 2 --ulog-qthreshold 1 --ulog-prefix "drop: "',
      saves: '-j ULOG --ulog-prefix "drop: " --ulog-nlgroup 2',
    },
    { rule: "-j ULOG --ulog-nlgroup 33", refused: "bad-value" },
    { rule: "-j ULOG --ulog-cprange -1", refused: "bad-value" },
  ],
});
