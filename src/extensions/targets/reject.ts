import { rejectType, rejectTypeName } from "../../arg-types/reject-type.ts";
import { defineTarget } from "../extension.ts";
import { kernelRefuses } from "../problem.ts";

const tcp = 6;

export const reject = defineTarget({
  name: "REJECT",
  summary: "Throws the packet away and tells its sender by an ICMP error or a TCP reset",
  validIn: { tables: ["filter"], hooks: ["INPUT", "FORWARD", "OUTPUT"] },
  options: {
    "reject-with": { arg: rejectType, help: "what the sender is told", fallback: "port-unreachable" },
  },
  check({ "reject-with": type }, { protocol }) {
    if (type.value !== "tcp-reset" || (protocol?.value === tcp && !protocol.inverted)) return [];
    return [kernelRefuses("a TCP reset answers TCP only", { help: "add `-p tcp`", option: "reject-with" })];
  },
  effects: ({ "reject-with": type }, { family }) => [
    { kind: "reject", with: rejectTypeName(type.value, family) },
  ],
  examples: [
    { rule: "-j REJECT", saves: "-j REJECT --reject-with icmp-port-unreachable" },
    { rule: "-j REJECT --reject-with admin-prohib", saves: "-j REJECT --reject-with icmp-admin-prohibited" },
    { rule: "-p tcp -j REJECT --reject-with tcp-rst", saves: "-p tcp -j REJECT --reject-with tcp-reset" },
    { rule: "-j REJECT", family: "ipv6", saves: "-j REJECT --reject-with icmp6-port-unreachable" },
    { rule: "-j REJECT --reject-with tcp-reset", refused: "kernel-refuses" },
    { rule: "-j REJECT --reject-with icmp6-no-route", refused: "bad-value" },
  ],
});
