import { defineTarget } from "../extension.ts";
import { markChange, markChangeSugar } from "../mark-change.ts";
import { missing } from "../problem.ts";

export const mark = defineTarget({
  name: "MARK",
  summary: "Changes the packet's mark and goes on",
  options: { "set-xmark": markChange, ...markChangeSugar },
  check({ "set-xmark": change }) {
    if (change) return [];
    return [missing("MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required")];
  },
  effects: ({ "set-xmark": change }) =>
    change ? [{ kind: "mark", clear: change.value.mask, xor: change.value.value }] : [],
  examples: [
    { rule: "-j MARK --set-mark 1", at: "mangle/PREROUTING", saves: "-j MARK --set-xmark 0x1/0xffffffff" },
    { rule: "-j MARK --set-mark 0x100/0xff", at: "mangle/INPUT", saves: "-j MARK --set-xmark 0x100/0x1ff" },
    { rule: "-j MARK --and-mark 0xff", at: "mangle/INPUT", saves: "-j MARK --set-xmark 0x0/0xffffff00" },
    { rule: "-j MARK --or-mark 0xff", at: "mangle/INPUT", saves: "-j MARK --set-xmark 0xff/0xff" },
    { rule: "-j MARK --xor-mark 0xff", at: "mangle/INPUT", saves: "-j MARK --set-xmark 0xff/0x0" },
    { rule: "-j MARK", at: "mangle/INPUT", refused: "option-missing" },
    { rule: "-j MARK --set-mark 1 --or-mark 2", at: "mangle/INPUT", refused: "option-conflict" },
    { rule: "-j MARK --or-mark 0xff/0xf", at: "mangle/INPUT", refused: "bad-value" },
  ],
});
