import type { TableName } from "../../../../src/extensions/extension.ts";
import type { Hook } from "../../../../src/packet/context.ts";
import type { Dice } from "../dice.ts";
import type { MadeSet } from "./sets.ts";

const directions = (dice: Dice, set: MadeSet): string => {
  const count = dice.maybe(0.1) ? dice.between(1, 4) : set.dimension;
  return Array.from({ length: count }, () => dice.of(["src", "dst"])).join(",");
};

/** `-m set` with what else it may ask of the element. */
export function someSetMatch(dice: Dice, set: MadeSet): string {
  const counter = (what: string) =>
    `${dice.of(["", "", "! "])}--${what}-eq ${dice.below(3)}`.replace(/^(! )?(.*)-eq/, (whole) =>
      dice.maybe(0.6) ? `--${what}-${dice.of(["lt", "gt"])}` : whole,
    );
  return [
    `-m set ${dice.maybe(0.15) ? "! " : ""}--match-set ${set.name} ${directions(dice, set)}`,
    dice.maybe(0.15) ? " --return-nomatch" : "",
    dice.maybe(0.15) ? " ! --update-counters" : "",
    dice.maybe(0.1) ? " ! --update-subcounters" : "",
    dice.maybe(set.counters ? 0.4 : 0.05) ? ` ${counter("packets")}` : "",
    dice.maybe(set.counters ? 0.1 : 0) ? ` ${counter("bytes")}` : "",
  ].join("");
}

/** `-j SET` that adds, takes out or, in mangle, maps. */
export function someSetTarget(dice: Dice, sets: readonly MadeSet[], table: TableName, hook: Hook): string {
  const named = () => {
    const set = dice.of(sets);
    return `${set.name} ${directions(dice, set)}`;
  };
  const late = hook === "FORWARD" || hook === "OUTPUT" || hook === "POSTROUTING";
  const map = `--map-set ${named()} --map-mark${late && dice.maybe(0.4) ? " --map-prio" : ""}`;
  const add = `--add-set ${named()}${dice.maybe(0.4) ? " --exist" : ""}${dice.maybe(0.3) ? ` --timeout ${dice.of([0, 3, 50])}` : ""}`;
  return dice.weighed([
    [3, `-j SET ${add}`],
    [2, `-j SET --del-set ${named()}`],
    [1, `-j SET ${add} --del-set ${named()}`],
    [table === "mangle" ? 4 : 0, `-j SET ${map}`],
  ]);
}
