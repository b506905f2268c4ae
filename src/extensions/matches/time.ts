import { flag } from "../../arg-types/arg-type.ts";
import { dateTime } from "../../arg-types/date-time.ts";
import { allMonthdays, allWeekdays, monthdays, weekdays } from "../../arg-types/day-set.ts";
import { timeOfDay } from "../../arg-types/time-of-day.ts";
import { type Arg, defineMatch } from "../extension.ts";
import { plain } from "../plain-arg.ts";
import { conflict } from "../problem.ts";
import { inSpan, lastSecond } from "../time-span.ts";

/** iptables' end of all time: the last second of a signed 32-bit clock. */
const lastDate = 0x7fffffff;

/** The days that a list names: all but its own where it is inverted. */
const daysOf = (days: Arg<number> | undefined, all: number): number =>
  days === undefined ? all : days.inverted ? (days.value ^ all) >>> 0 : days.value;

/** An arg for a set of days; none where it is every day. */
const daysArg = (name: string, days: number, all: number) => (days === all ? {} : { [name]: plain(days) });

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
      ...(start === 0 && stop === lastSecond ? {} : { timestart: plain(start), timestop: plain(stop) }),
      ...daysArg("monthdays", daysOf(monthdays, allMonthdays), allMonthdays),
      ...daysArg("weekdays", daysOf(weekdays, allWeekdays), allWeekdays),
    };
  },
  check({ timestart, timestop, contiguous }) {
    if (!contiguous || (timestart?.value ?? 0) >= (timestop?.value ?? lastSecond)) return [];
    const message = "time: --contiguous only makes sense when stoptime is smaller than starttime";
    return [conflict(message, { option: "contiguous" })];
  },
  meaning({ timestart, timestop, monthdays, weekdays, datestart, datestop, kerneltz, contiguous }) {
    return inSpan({
      first: datestart.value,
      last: datestop.value,
      start: timestart?.value ?? 0,
      stop: timestop?.value ?? lastSecond,
      weekdays: daysOf(weekdays, allWeekdays),
      monthdays: daysOf(monthdays, allMonthdays),
      local: kerneltz !== undefined,
      contiguous: contiguous !== undefined,
    });
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
