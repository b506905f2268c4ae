import { defineTarget } from "../extension.ts";

export const queue = defineTarget({
  name: "QUEUE",
  summary: "Hands the packet to a program in user space",
  options: {},
  effects: () => [{ kind: "verdict", verdict: "QUEUE" }],
  examples: [
    { rule: "-p tcp -j QUEUE", saves: "=" },
    { rule: "-j QUEUE --foo", refused: "unknown-option" },
  ],
});
