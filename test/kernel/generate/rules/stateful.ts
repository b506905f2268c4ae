import type { Dice } from "../dice.ts";

/** Matches with a memory or a clock. */

/** Rates so slow that no token comes back while a scenario runs: whether one does is else a race with the clock. */
export const limitMatch = (dice: Dice): string => {
  const rate = `${dice.between(1, 4)}/${dice.of(["hour", "h", "min", "m"])}`;
  return `-m limit --limit ${rate}${dice.maybe(0.8) ? ` --limit-burst ${dice.between(1, 4)}` : ""}`;
};

export const connlimitMatch = (dice: Dice): string => {
  const count = `--connlimit-${dice.of(["above", "upto"])} ${dice.between(0, 3)}`;
  const mask = dice.maybe(0.4) ? ` --connlimit-mask ${dice.of([0, 16, 24, 32])}` : "";
  return `-m connlimit ${count}${mask}${dice.of(["", " --connlimit-saddr", " --connlimit-daddr"])}`;
};

const lists = ["scan", "seen"] as const;

export const recentMatch = (dice: Dice): string => {
  const not = dice.maybe(0.15) ? "! " : "";
  const name = dice.maybe(0.8) ? ` --name ${dice.of(lists)}` : "";
  const side = dice.of(["", " --rsource", " --rdest"]);
  const mask = dice.maybe(0.2) ? " --mask 255.255.255.0" : "";
  const act = dice.weighed<() => string>([
    [3, () => "--set"],
    [1, () => "--remove"],
    [4, () => `--${dice.of(["rcheck", "update"])}${recentFilter(dice)}`],
  ])();
  return `-m recent ${not}${act}${name}${mask}${side}`;
};

const recentFilter = (dice: Dice): string => {
  const seconds = dice.maybe(0.5) ? ` --seconds ${dice.of([60, 3600])}` : "";
  const hits = dice.maybe(0.5) ? ` --hitcount ${dice.between(1, 4)}` : "";
  return `${seconds}${hits}${dice.maybe(0.15) ? " --rttl" : ""}`;
};

export const timeMatch = (dice: Dice): string => {
  const clock = () => `${String(dice.below(24)).padStart(2, "0")}:${dice.of(["00", "02", "30:15", "59"])}`;
  const parts = dice.weighed<() => string[]>([
    [3, () => [`--timestart ${clock()}`, `--timestop ${clock()}`]],
    [1, () => [`--timestart ${clock()}`]],
    [
      1,
      () => [`${dice.maybe(0.3) ? "! " : ""}--weekdays ${dice.of(["Mon", "Fri", "Sat,Sun", "1,2,3,4,5"])}`],
    ],
    [1, () => [`${dice.maybe(0.3) ? "! " : ""}--monthdays ${dice.of(["1,2,3", "15", "20,21,22,31"])}`]],
    [1, () => [`--datestart ${dice.of(["2020-01-01", "2031-05-06T07:08:09"])}`]],
    [1, () => ["--datestop 2037-12-31T23:59:59", "--weekdays Mon,Tue,Wed,Thu,Fri,Sat,Sun"]],
    [1, () => ["--timestart 22:02", "--timestop 20:02", "--contiguous"]],
  ])();
  return `-m time ${parts.join(" ")}${dice.maybe(0.15) ? " --kerneltz" : ""}`;
};
