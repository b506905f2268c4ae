import { flag } from "../../arg-types/arg-type.ts";
import { bareString } from "../../arg-types/bare-string.ts";
import { integer } from "../../arg-types/integer.ts";
import { defineTarget, type Problem } from "../extension.ts";
import { kernelRefuses } from "../problem.ts";

/** What a 31-bit number of milliseconds holds, less one (xt_IDLETIMER.c). */
const longest = Math.floor(0x7fffffff / 1000) - 1;
/** Names that a folder of sysfs has already. */
const taken: ReadonlySet<string> = new Set(["power", "subsystem", "uevent", ".", ".."]);

export const idletimer = defineTarget({
  name: "IDLETIMER",
  summary: "Starts a timer anew that tells user space when no packet came for a while, and goes on",
  options: {
    timeout: {
      arg: integer({ min: 0, max: 0xffffffff, placeholder: "seconds" }),
      help: "the while",
      required: true,
    },
    label: { arg: bareString("name", 27, ["wlan"]), help: "the timer's name", required: true },
    alarm: { arg: flag, help: "a timer that wakes a sleeping machine" },
  },
  check({ timeout, label }): readonly Problem[] {
    const refuses = (message: string, option: string) => [kernelRefuses(message, { option })] as const;
    if (timeout.value === 0 || timeout.value > longest) {
      return refuses(`the timer runs for 1 to ${longest} seconds`, "timeout");
    }
    const { value: name } = label;
    if (name === "") return refuses("the timer needs a name", "label");
    return taken.has(name) || name.includes("/") ? refuses("sysfs has no file of this name", "label") : [];
  },
  effects: () => [],
  examples: [
    {
      rule: "-o wlan0 -j IDLETIMER --label wlan --timeout 600",
      at: "mangle/POSTROUTING",
      saves: "-o wlan0 -j IDLETIMER --timeout 600 --label wlan",
    },
    { rule: "-j IDLETIMER --label x", refused: "option-missing" },
    { rule: "-j IDLETIMER --label x --timeout 0", refused: "kernel-refuses" },
    { rule: "-j IDLETIMER --label a/b --timeout 9", refused: "kernel-refuses" },
  ],
});
