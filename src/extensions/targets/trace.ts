import { defineTarget } from "../extension.ts";

export const trace = defineTarget({
  name: "TRACE",
  summary: "Logs every rule that the packet meets from here on, and goes on",
  validIn: { tables: ["raw"] },
  options: {},
  effects: () => [{ kind: "trace" }],
  examples: [
    { rule: "-p tcp -j TRACE", saves: "=" },
    { rule: "-j TRACE", at: "filter/INPUT", refused: "wrong-place" },
  ],
});
