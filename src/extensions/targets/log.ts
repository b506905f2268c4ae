import { flag } from "../../arg-types/arg-type.ts";
import { logLevel } from "../../arg-types/log-level.ts";
import { logPrefix } from "../../arg-types/log-prefix.ts";
import { defineTarget } from "../extension.ts";

export const log = defineTarget({
  name: "LOG",
  summary: "Writes a line about the packet to the kernel's log and goes on",
  options: {
    // the field has 30 bytes with the end mark (xt_LOG.h)
    "log-prefix": { arg: logPrefix(29), help: "text before the line" },
    "log-level": { arg: logLevel, help: "syslog severity", fallback: 4, omitFallback: true },
    "log-tcp-sequence": { arg: flag, help: "with TCP's sequence numbers" },
    "log-tcp-options": { arg: flag, help: "with TCP's options" },
    "log-ip-options": { arg: flag, help: "with IP's options" },
    "log-uid": { arg: flag, help: "with the user that sent the packet" },
    "log-macdecode": { arg: flag, help: "with the MAC addresses apart" },
  },
  effects: (args) => [
    {
      kind: "log",
      prefix: args["log-prefix"]?.value ?? "",
      level: args["log-level"].value,
      tcpSequence: args["log-tcp-sequence"] !== undefined,
      tcpOptions: args["log-tcp-options"] !== undefined,
      ipOptions: args["log-ip-options"] !== undefined,
      uid: args["log-uid"] !== undefined,
      macDecode: args["log-macdecode"] !== undefined,
    },
  ],
  examples: [
    { rule: '-j LOG --log-level warning --log-prefix "DROP: "', saves: '-j LOG --log-prefix "DROP: "' },
    {
      rule: "-j LOG --log-uid --log-tcp-options --log-level 7 --log-prefix ssh",
      saves: "-j LOG --log-prefix ssh --log-level 7 --log-tcp-options --log-uid",
    },
    { rule: "-j LOG --log-level loud", refused: "bad-value" },
    { rule: '-j LOG --log-prefix ""', refused: "bad-value" },
  ],
});
