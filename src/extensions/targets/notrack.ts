import { defineTarget } from "../extension.ts";

export const notrack = defineTarget({
  name: "NOTRACK",
  summary: "Keeps conntrack from tracking the packet and goes on",
  validIn: { tables: ["raw"] },
  options: {},
  effects: () => [{ kind: "notrack" }],
  examples: [
    { rule: "-p udp -j NOTRACK", saves: "=" },
    { rule: "-j NOTRACK", at: "filter/INPUT", refused: "wrong-place" },
  ],
});
