import { allMonthdays, allWeekdays } from "../arg-types/day-set.ts";
import { and, type Formula, inRanges, or, type Range } from "../formula/formula.ts";
import { fields } from "../packet/fields.ts";

export const lastSecond = 86399;

/** When `-m time` matches. Seconds are inclusive bounds. */
export interface TimeSpan {
  /** Since 1970. */
  readonly first: number;
  readonly last: number;
  /** Of the day; where `stop` is not behind `start` the span goes over midnight. */
  readonly start: number;
  readonly stop: number;
  /** Bits 1 to 7 from Monday on, and 1 to 31. */
  readonly weekdays: number;
  readonly monthdays: number;
  /** All of this by the host's clock, in place of UTC. */
  readonly local: boolean;
  /** What follows midnight belongs to the day on which the time began. */
  readonly contiguous: boolean;
}

/** Days as ranges of a day field whose first value is 1. */
function dayRanges(days: number): Range[] {
  const ranges: Range[] = [];
  for (let day = 1; day <= 31; day++) if ((days >>> day) & 1) ranges.push([day, day]);
  return ranges;
}

/** The set of weekdays whose day before is in the set. */
const dayAfter = (days: number): number => ((days << 1) & allWeekdays) | (days & 0x80 ? 0x02 : 0);

const utcClock = {
  time: fields.time,
  secondOfDay: fields.secondOfDay,
  weekday: fields.weekday,
  monthday: fields.monthday,
  monthdayBefore: fields.previousMonthday,
};
const localClock = {
  time: fields.localTime,
  secondOfDay: fields.localSecondOfDay,
  weekday: fields.localWeekday,
  monthday: fields.localMonthday,
  monthdayBefore: fields.localPreviousMonthday,
};

/** The packet is handled in the span: date, time of day, day of the week, day of the month (time_mt in xt_time.c). */
export function inSpan(span: TimeSpan): Formula {
  const { first, last, start, stop, contiguous } = span;
  const clock = span.local ? localClock : utcClock;
  const inTime = (ranges: readonly Range[]) =>
    ranges.some(([low, high]) => low === 0 && high === lastSecond)
      ? []
      : [inRanges(clock.secondOfDay, ranges)];
  const onDays = (before: boolean): Formula[] => {
    const days = before ? dayAfter(span.weekdays) : span.weekdays;
    const monthday = before ? clock.monthdayBefore : clock.monthday;
    return [
      ...(span.weekdays === allWeekdays ? [] : [inRanges(clock.weekday, dayRanges(days))]),
      ...(span.monthdays === allMonthdays ? [] : [inRanges(monthday, dayRanges(span.monthdays))]),
    ];
  };
  const date = inRanges(clock.time, [[first, last]]);
  if (start < stop) return and(date, ...inTime([[start, stop]]), ...onDays(false));
  // the end of a span over midnight belongs to the day before where --contiguous is given
  const evening: readonly Range[] = stop === lastSecond ? [] : [[Math.max(start, stop + 1), lastSecond]];
  const morning: readonly Range[] = [[0, stop]];
  if (contiguous) {
    return and(date, or(and(...inTime(morning), ...onDays(true)), and(...inTime(evening), ...onDays(false))));
  }
  const whole: readonly Range[] = [[0, lastSecond]];
  return and(date, ...inTime(start <= stop + 1 ? whole : [...morning, ...evening]), ...onDays(false));
}
