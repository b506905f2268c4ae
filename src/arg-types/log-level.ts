import { type ArgType, bad, ok } from "./arg-type.ts";
import { parseNumber } from "./number.ts";

/** By severity (syslog.h). */
const names: readonly string[] = ["emerg", "alert", "crit", "error", "warning", "notice", "info", "debug"];

/** A syslog severity by number or name, 0 (emerg) to 7 (debug) (XTTYPE_SYSLOGLEVEL). */
export const logLevel: ArgType<number> = {
  placeholder: "level",
  words: 1,
  parse([text = ""]) {
    const index = text === "panic" ? 0 : names.indexOf(text);
    const level = index >= 0 ? index : parseNumber(text, 0, 7);
    return level === undefined
      ? bad(`log level "${text}" unknown`, `levels are 0 to 7 or ${names.join(", ")}`)
      : ok(level);
  },
  print: String,
  samples: [0, 3, 4, 7],
};
