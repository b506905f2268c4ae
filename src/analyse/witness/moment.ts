import { type Field, fields } from "../../packet/fields.ts";
import type { Narrowing } from "./narrowing.ts";

const quarter = 900;
const quartersOfAWeek = 7 * 24 * 4;

/**
 * Settles when the packet is sent, in seconds since 1970: at `now` where some packet of the set is sent then, else at the
 * next time within a week, else at the first one that the rules' dates allow. `undefined` where none of these fits.
 */
export function settleMoment(narrowing: Narrowing, now: number): number | undefined {
  const asked = new Set([...narrowing.space.layout.entries].map(([field]) => field));
  const take = (moment: number): boolean => {
    const readings = clockReadings(moment).filter(([field]) => asked.has(field));
    return narrowing.wish(
      narrowing.space.and(...readings.map(([field, value]) => narrowing.having(field, value))),
    );
  };
  if (take(now)) return now;
  const start = Math.floor(now / quarter) * quarter;
  for (let count = 1; count <= quartersOfAWeek; count++) {
    if (take(start + count * quarter)) return start + count * quarter;
  }
  for (const field of [fields.time, fields.localTime]) {
    if (!asked.has(field)) continue;
    const first = leastValue(narrowing, field);
    for (let count = 0; count <= quartersOfAWeek; count++) {
      if (take(first + count * quarter)) return first + count * quarter;
    }
  }
  return undefined;
}

function leastValue(narrowing: Narrowing, field: Field): number {
  const { set } = narrowing;
  const value = Number(narrowing.value(field));
  narrowing.set = set;
  return value;
}

/** What the clock's fields say at a moment, on a host whose zone is UTC (xt_time). */
function clockReadings(moment: number): readonly (readonly [Field, number])[] {
  const seconds = Math.floor(moment);
  const date = new Date(seconds * 1000);
  const before = new Date((seconds - 86_400) * 1000);
  const second = seconds % 86_400;
  const weekday = date.getUTCDay() || 7;
  return [
    [fields.time, seconds],
    [fields.localTime, seconds],
    [fields.secondOfDay, second],
    [fields.localSecondOfDay, second],
    [fields.weekday, weekday],
    [fields.localWeekday, weekday],
    [fields.monthday, date.getUTCDate()],
    [fields.localMonthday, date.getUTCDate()],
    [fields.previousMonthday, before.getUTCDate()],
    [fields.localPreviousMonthday, before.getUTCDate()],
  ];
}
