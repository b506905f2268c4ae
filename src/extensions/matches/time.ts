import { flag } from "../../arg-types/arg-type.ts";
import { dateTime } from "../../arg-types/date-time.ts";
import { allMonthdays, allWeekdays, monthdays, weekdays } from "../../arg-types/day-set.ts";
import { timeOfDay } from "../../arg-types/time-of-day.ts";
import { and, type Formula, inRanges, or, type Range } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { type Arg, defineMatch } from "../extension.ts";

const lastSecond = 86399;
/** iptables' end of all time: the last second of a signed 32-bit clock. */
const lastDate = 0x7fffffff;

const at = <V>(value: V): Arg<V> => ({ value, inverted: false });

/** The days that a list names: all but its own where it is inverted. */
const daysOf = (days: Arg<number> | undefined, all: number): number =>
  days === undefined ? all : days.inverted ? (days.value ^ all) >>> 0 : days.value;

/** An arg for a set of days; none where it is every day. */
const daysArg = (name: string, days: number, all: number) => (days === all ? {} : { [name]: at(days) });

/** Days as ranges of a day field whose first value is 1. */
function dayRanges(days: number): Range[] {
  const ranges: Range[] = [];
  for (let day = 1; day <= 31; day++) if ((days >>> day) & 1) ranges.push([day, day]);
  return ranges;
}

/** The set of weekdays whose day before is in the set. */
const dayAfter = (days: number): number => ((days << 1) & allWeekdays) | (days & 0x80 ? 0x02 : 0);

export const time = defineMatch({
  name: "time",
  summary: "Matches by the time at which the packet is handled, in UTC unless --kerneltz is given",
  options: {
    timestart: { arg: timeOfDay, help: "first second of the day" },
    timestop: { arg: timeOfDay, help: "last second of the day; before --timestart it wraps over midnight" },
    monthdays: { arg: monthdays, help: "days of the month", invertible: true },
    weekdays: { arg: weekdays, help: "days of the week", invertible: true },
    datestart: { arg: dateTime, help: "first second", fallback: 0, omitFallback: true },
    datestop: { arg: dateTime, help: "last second", fallback: lastDate, omits: (date) => date === 0 },
    localtz: { arg: flag, help: "the old name of --kerneltz", excludes: ["utc"] },
    utc: { arg: flag, help: "take all times as UTC, which is the rule", excludes: ["kerneltz"] },
    kerneltz: { arg: flag, help: "take all times in the kernel's time zone" },
    contiguous: { arg: flag, help: "count what follows midnight to the day on which the time began" },
  },
  normalize({ timestart, timestop, weekdays, monthdays, utc: _, localtz, ...rest }) {
    const start = timestart?.value ?? 0;
    const stop = timestop?.value ?? lastSecond;
    return {
      ...rest,
      ...(localtz ? { kerneltz: localtz } : {}),
      ...(start === 0 && stop === lastSecond ? {} : { timestart: at(start), timestop: at(stop) }),
      ...daysArg("monthdays", daysOf(monthdays, allMonthdays), allMonthdays),
      ...daysArg("weekdays", daysOf(weekdays, allWeekdays), allWeekdays),
    };
  },
  check({ timestart, timestop, contiguous }) {
    if (!contiguous || (timestart?.value ?? 0) >= (timestop?.value ?? lastSecond)) return [];
    const message = "time: --contiguous only makes sense when stoptime is smaller than starttime";
    return [{ code: "option-conflict", message, option: "contiguous" }];
  },
  // xt_time.c: date, time of day, day of the week, day of the month; with --kerneltz all of them by the local clock
  meaning({ timestart, timestop, monthdays, weekdays, datestart, datestop, kerneltz, contiguous }) {
    const local = kerneltz !== undefined;
    const clock = {
      time: local ? fields.localTime : fields.time,
      secondOfDay: local ? fields.localSecondOfDay : fields.secondOfDay,
      weekday: local ? fields.localWeekday : fields.weekday,
      monthday: local ? fields.localMonthday : fields.monthday,
      monthdayBefore: local ? fields.localPreviousMonthday : fields.previousMonthday,
    };
    const start = timestart?.value ?? 0;
    const stop = timestop?.value ?? lastSecond;
    const days = daysOf(weekdays, allWeekdays);
    const dates = daysOf(monthdays, allMonthdays);
    const inTime = (ranges: readonly Range[]) =>
      ranges.some(([low, high]) => low === 0 && high === lastSecond)
        ? []
        : [inRanges(clock.secondOfDay, ranges)];
    const onDays = (before: boolean): Formula[] => [
      ...(days === allWeekdays ? [] : [inRanges(clock.weekday, dayRanges(before ? dayAfter(days) : days))]),
      ...(dates === allMonthdays
        ? []
        : [inRanges(before ? clock.monthdayBefore : clock.monthday, dayRanges(dates))]),
    ];
    const date = inRanges(clock.time, [[datestart.value, datestop.value]]);
    if (start < stop) return and(date, ...inTime([[start, stop]]), ...onDays(false));
    // the end of a span over midnight belongs to the day before where --contiguous is given
    const evening: readonly Range[] = stop === lastSecond ? [] : [[Math.max(start, stop + 1), lastSecond]];
    const morning: readonly Range[] = [[0, stop]];
    return contiguous
      ? and(date, or(and(...inTime(morning), ...onDays(true)), and(...inTime(evening), ...onDays(false))))
      : and(
          date,
          ...inTime(start <= stop + 1 ? [[0, lastSecond]] : [...morning, ...evening]),
          ...onDays(false),
        );
  },
  examples: [
    {
      rule: "-m time --timestart 01:00 --timestop 10:00 -j REJECT",
      saves:
        "-m time --timestart 01:00:00 --timestop 10:00:00 --datestop 2038-01-19T03:14:07 -j REJECT --reject-with icmp-port-unreachable",
    },
    {
      rule: "-m time ! --weekdays Sat,Sun",
      saves: "-m time --weekdays Mon,Tue,Wed,Thu,Fri --datestop 2038-01-19T03:14:07",
    },
    { rule: "-m time --timestart 24:00", refused: "bad-value" },
    { rule: "-m time --contiguous --timestart 22:00", refused: "option-conflict" },
    { rule: "-m time --utc --kerneltz", refused: "option-conflict" },
  ],
});
