import { type ArgType, bad, flag, ok } from "../../arg-types/arg-type.ts";
import { parseNumber } from "../../arg-types/number.ts";
import { defineTarget } from "../extension.ts";
import { kernelRefuses } from "../problem.ts";

/** The kernel's name for the trigger is longer by `netfilter-`. */
const longestName = 16;

const triggerName: ArgType<string> = {
  placeholder: "name",
  words: 1,
  parse([text = ""]) {
    if (new TextEncoder().encode(text).length <= longestName) return ok(text);
    return bad(`Argument must have a maximum length of ${longestName} characters`);
  },
  print: (name) => `"${name.replace(/["\\]/g, "\\$&")}"`,
  samples: ["ssh", "two words"],
};

const forever = 0xffffffff;

/** Milliseconds; iptables-save writes them with a sign, which it does not read back. */
const delay: ArgType<number> = {
  placeholder: "milliseconds|inf",
  words: 1,
  parse([text = ""]) {
    const value = /^inf/i.test(text) ? forever : parseNumber(text, 0, forever);
    return value === undefined ? bad(`Delay value must be within range 0..${forever}`) : ok(value);
  },
  print: (milliseconds) => String(milliseconds | 0),
  samples: [0, 1000],
};

export const led = defineTarget({
  name: "LED",
  summary: "Lights a lamp of the machine, and goes on",
  options: {
    "led-trigger-id": {
      arg: triggerName,
      help: "the lamp's trigger, `netfilter-` before it",
      required: true,
    },
    "led-delay": { arg: delay, help: "how long it is lit", fallback: 0, omitFallback: true },
    "led-always-blink": { arg: flag, help: "blink where it is lit already" },
  },
  check: ({ "led-trigger-id": name }) =>
    name.value === "" ? [kernelRefuses("the trigger needs a name", { option: "led-trigger-id" })] : [],
  effects: () => [],
  examples: [
    {
      rule: "-p tcp --dport 22 -j LED --led-trigger-id ssh --led-delay 500",
      saves: '-p tcp -m tcp --dport 22 -j LED --led-trigger-id "ssh" --led-delay 500',
    },
    { rule: "-j LED", refused: "option-missing" },
    { rule: "-j LED --led-trigger-id abcdefghijklmnopq", refused: "bad-value" },
    { rule: "-j LED --led-trigger-id ssh --led-delay -1", refused: "bad-value" },
  ],
});
