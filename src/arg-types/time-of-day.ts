import { type ArgType, bad, ok } from "./arg-type.ts";
import { readDecimal } from "./decimal.ts";

const two = (value: number): string => String(value).padStart(2, "0");

/** `hh:mm[:ss]` as seconds since midnight. Minutes and seconds may be empty for 0, as libxt_time.c reads them. */
export const timeOfDay: ArgType<number> = {
  placeholder: "hh:mm[:ss]",
  words: 1,
  parse([text = ""]) {
    // iptables names the part where it stopped, with all that follows
    const fail = (at: string) =>
      bad(`invalid time "${at}" specified, should be hh:mm[:ss] format and within the boundaries`);
    const hour = readDecimal(text);
    if (!hour.rest.startsWith(":") || hour.value > 23) return fail(text);
    const minuteText = hour.rest.slice(1);
    const minute = readDecimal(minuteText);
    if (!/^(:|$)/.test(minute.rest) || minute.value > 59) return fail(minuteText);
    const start = hour.value * 3600 + minute.value * 60;
    if (minute.rest === "") return ok(start);
    const secondText = minute.rest.slice(1);
    const second = readDecimal(secondText);
    return second.rest !== "" || second.value > 59 ? fail(secondText) : ok(start + second.value);
  },
  print: (seconds) =>
    [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => two(Math.floor(part))).join(":"),
  samples: [0, 3600, 36000, 86399, 43200, 59, 60],
};
