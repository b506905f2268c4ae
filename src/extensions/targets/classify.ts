import { queueingClass } from "../../arg-types/queueing-class.ts";
import { defineTarget } from "../extension.ts";

export const classify = defineTarget({
  name: "CLASSIFY",
  summary: "Puts the packet into a class of the outgoing queue and goes on",
  validIn: { hooks: ["FORWARD", "OUTPUT", "POSTROUTING"] },
  options: { "set-class": { arg: queueingClass, help: "the class", required: true } },
  effects: ({ "set-class": to }) => [{ kind: "priority", value: to.value }],
  examples: [
    {
      rule: "-j CLASSIFY --set-class 1:10",
      at: "mangle/POSTROUTING",
      saves: "-j CLASSIFY --set-class 0001:0010",
    },
    { rule: "-j CLASSIFY --set-class 1", at: "mangle/POSTROUTING", refused: "bad-value" },
    { rule: "-j CLASSIFY --set-class 1:1", at: "mangle/PREROUTING", refused: "wrong-place" },
  ],
});
