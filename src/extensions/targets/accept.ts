import { defineTarget } from "../extension.ts";

export const accept = defineTarget({
  name: "ACCEPT",
  summary: "Lets the packet through: no further rule of this table sees it",
  options: {},
  effects: () => [{ kind: "verdict", verdict: "ACCEPT" }],
  examples: [
    { rule: "-p tcp -j ACCEPT", saves: "=" },
    { rule: "-j ACCEPT --foo", refused: "unknown-option" },
  ],
});
