import { type ArgType, bad, ok } from "./arg-type.ts";
import { readDecimal } from "./decimal.ts";

/** What may follow each part, and the part's bounds and value where it is absent (libxt_time.c). */
const parts = [
  { low: 1970, high: 2038, separator: "-", absent: 1970 },
  { low: 0, high: 12, separator: "-", absent: 1 },
  { low: 0, high: 31, separator: "T", absent: 1 },
  { low: 0, high: 23, separator: ":", absent: 0 },
  { low: 0, high: 59, separator: ":", absent: 0 },
  { low: 0, high: 59, separator: "", absent: 0 },
] as const;

/**
 * `YYYY[-MM[-DD[Thh[:mm[:ss]]]]]` as seconds since 1970 in UTC. Month or day 0, or a day that the month lacks, count on
 * from there as mktime(3) does; an empty part is 0.
 */
export const dateTime: ArgType<number> = {
  placeholder: "YYYY[-MM[-DD[Thh[:mm[:ss]]]]]",
  words: 1,
  parse([text = ""]) {
    const failure = bad(`Invalid date "${text}" specified. Should be YYYY[-MM[-DD[Thh[:mm[:ss]]]]]`);
    const values: number[] = [];
    let rest: string | undefined = text;
    for (const { low, high, separator, absent } of parts) {
      if (rest === undefined) {
        values.push(absent);
        continue;
      }
      const part = readDecimal(rest);
      if (part.value < low || part.value > high) return failure;
      values.push(part.value);
      if (part.rest !== "" && (separator === "" || !part.rest.startsWith(separator))) return failure;
      rest = part.rest === "" ? undefined : part.rest.slice(1);
    }
    const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = values;
    const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
    return seconds < 0 ? failure : ok(seconds);
  },
  print: (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19),
  samples: [1, 1704067200, 2147483647, 1078012800, 951782400],
};
