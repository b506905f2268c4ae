import { integer } from "../../arg-types/integer.ts";
import { logPrefix } from "../../arg-types/log-prefix.ts";
import { defineTarget } from "../extension.ts";

const u16 = integer({ min: 0, max: 65535 });
const u32 = integer({ min: 0, max: 0xffffffff, placeholder: "bytes" });

export const nflog = defineTarget({
  name: "NFLOG",
  summary: "Hands a copy of the packet to programs that log, and goes on",
  options: {
    "nflog-prefix": { arg: logPrefix(63), help: "text that goes with it" },
    "nflog-group": { arg: u16, help: "the programs' group", fallback: 0, omitFallback: true },
    "nflog-range": {
      arg: u32,
      help: "an older --nflog-size that has no effect",
      excludes: ["nflog-size"],
      omits: (bytes) => bytes === 0,
    },
    "nflog-size": { arg: u32, help: "how many bytes of the packet" },
    "nflog-threshold": {
      arg: u16,
      help: "how many packets are handed over together",
      fallback: 0,
      omitFallback: true,
    },
  },
  effects: ({ "nflog-prefix": prefix, "nflog-group": group }) => [
    { kind: "nflog", group: group.value, prefix: prefix?.value ?? "" },
  ],
  examples: [
    {
      rule: '-j NFLOG --nflog-threshold 5 --nflog-group 2 --nflog-prefix "drop: "',
      saves: '-j NFLOG --nflog-prefix "drop: " --nflog-group 2 --nflog-threshold 5',
    },
    { rule: "-j NFLOG --nflog-group 65536", refused: "bad-value" },
  ],
});
