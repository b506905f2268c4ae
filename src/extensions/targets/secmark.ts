import { bareString } from "../../arg-types/bare-string.ts";
import { defineTarget } from "../extension.ts";

const context = bareString("context", 255, ["system_u:object_r:dns_packet_t:s0"]);

export const secmark = defineTarget({
  name: "SECMARK",
  summary: "Gives the packet a mark that SELinux looks at, and goes on",
  validIn: { tables: ["mangle", "security"] },
  options: { selctx: { arg: context, help: "the security context", required: true } },
  // nothing that a rule can ask depends on SELinux's mark
  effects: () => [],
  examples: [
    {
      rule: "-p udp -j SECMARK --selctx system_u:object_r:dns_packet_t:s0",
      at: "security/INPUT",
      saves: "=",
    },
    { rule: "-j SECMARK", at: "security/INPUT", refused: "option-missing" },
    { rule: "-j SECMARK --selctx a:b:c:s0", at: "filter/INPUT", refused: "wrong-place" },
  ],
});
