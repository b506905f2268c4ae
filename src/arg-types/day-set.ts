import { type ArgType, bad, ok } from "./arg-type.ts";
import { readCNumber } from "./number.ts";

const dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** All days of the week, bit 1 for Monday to bit 7 for Sunday (XT_TIME_ALL_WEEKDAYS). */
export const allWeekdays = 0xfe;
/** All days of the month, bit 1 to bit 31 (XT_TIME_ALL_MONTHDAYS). */
export const allMonthdays = 0xfffffffe;

/** The elements between commas, each cut to its first `length` characters; a comma at the end ends the list. */
function elements(text: string, length: number): string[] {
  const list = text.split(",");
  if (list.at(-1) === "") list.pop();
  return list.map((element) => element.slice(0, length));
}

/** What strtoul(3) makes of an element, a negative number wrapping; an element without a digit is 0 and stays whole. */
function leadingNumber(element: string): { value: bigint; rest: string } {
  const negative = element.startsWith("-");
  const read = readCNumber(negative ? element.slice(1) : element);
  if (!read) return { value: 0n, rest: element };
  return { value: negative ? BigInt.asUintN(64, -read.value) : read.value, rest: read.rest };
}

function* bitsOf(set: number, high: number): Iterable<number> {
  for (let bit = 1; bit <= high; bit++) if ((set >>> bit) & 1) yield bit;
}

/** A list of days of the week, by number (Monday is 1) or by name, of which two letters are compared (libxt_time.c). */
export const weekdays: ArgType<number> = {
  placeholder: "day[,day...]",
  words: 1,
  parse([text = ""]) {
    let set = 0;
    for (const element of elements(text, 3)) {
      const { value, rest } = leadingNumber(element);
      if (rest === "") {
        if (value === 0n) return bad("No, the week does NOT begin with Sunday.", "Monday is 1, Sunday is 7");
        // larger numbers are taken: C's shift wraps at 32, and bits beyond 7 name no day
        set |= (1 << Number(value & 31n)) & allWeekdays;
        continue;
      }
      const index = dayNames.findIndex((name) => element.startsWith(name.slice(0, 2)));
      if (index < 0) {
        return bad(`${element} is not a valid day specifier`, `days are ${dayNames.join(", ")} or 1 to 7`);
      }
      set |= 2 << index;
    }
    return ok(set);
  },
  print: (set) => [...bitsOf(set, 7)].map((day) => dayNames[day - 1]).join(","),
  samples: [0x02, 0xc0, 0x3e, allWeekdays, 0x54],
};

/** A list of days of the month; of each element two characters are read (libxt_time.c). */
export const monthdays: ArgType<number> = {
  placeholder: "day[,day...]",
  words: 1,
  parse([text = ""]) {
    let set = 0;
    for (const element of elements(text, 2)) {
      const { value, rest } = leadingNumber(element);
      if (rest !== "" || value > 31n) return bad(`${element} is not a valid day for --monthdays`);
      set |= 1 << Number(value);
    }
    // day 0 can be written, is not printed and never comes
    return ok(set >>> 0);
  },
  print: (set) => [...bitsOf(set, 31)].join(","),
  samples: [0x02, 0x80000000, allMonthdays, 0x8006],
};
