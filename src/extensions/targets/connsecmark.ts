import { flag } from "../../arg-types/arg-type.ts";
import { defineTarget } from "../extension.ts";
import { missing } from "../problem.ts";

export const connsecmark = defineTarget({
  name: "CONNSECMARK",
  summary: "Copies SELinux's mark between packet and connection where the other has none, and goes on",
  validIn: { tables: ["mangle", "security"] },
  needsConntrack: true,
  options: {
    save: { arg: flag, help: "from the packet to the connection", excludes: ["restore"] },
    restore: { arg: flag, help: "from the connection to the packet" },
  },
  check: ({ save, restore }) =>
    (save ?? restore) ? [] : [missing("CONNSECMARK target: parameter required")],
  // nothing that a rule can ask depends on SELinux's mark
  effects: () => [],
  examples: [
    { rule: "-j CONNSECMARK --restore", at: "mangle/INPUT", saves: "=" },
    { rule: "-j CONNSECMARK", at: "mangle/INPUT", refused: "option-missing" },
    { rule: "-j CONNSECMARK --save --restore", at: "mangle/INPUT", refused: "option-conflict" },
    { rule: "-j CONNSECMARK --save", at: "filter/INPUT", refused: "wrong-place" },
  ],
});
