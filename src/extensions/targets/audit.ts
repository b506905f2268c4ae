import { choice } from "../../arg-types/choice.ts";
import { defineTarget } from "../extension.ts";

const type = choice(["accept", "drop", "reject"], { message: (text) => `Bad action type value "${text}"` });

export const audit = defineTarget({
  name: "AUDIT",
  summary: "Writes a record about the packet for the audit daemon, and goes on",
  options: {
    type: { arg: type, help: "what the record would call it; Linux since 4.12 does not", required: true },
  },
  effects: () => [],
  examples: [
    { rule: "-j AUDIT --type DROP", saves: "-j AUDIT --type drop" },
    { rule: "-j AUDIT", refused: "option-missing" },
    { rule: "-j AUDIT --type log", refused: "bad-value" },
  ],
});
