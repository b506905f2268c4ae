import { defineTarget } from "../extension.ts";

export const returnTarget = defineTarget({
  name: "RETURN",
  summary: "Goes back behind the rule that jumped here; at a built-in chain the policy decides",
  options: {},
  effects: () => [{ kind: "verdict", verdict: "RETURN" }],
  examples: [
    { rule: "-p tcp -j RETURN", saves: "=" },
    { rule: "-j RETURN --foo", refused: "unknown-option" },
  ],
});
