import type { Rule } from "../model/ruleset.ts";
import type { RulePlace } from "./trace.ts";

/** A match that holds at random (`-m statistic --mode random`), at the moment at which the kernel would draw. */
export interface Draw extends RulePlace {
  readonly rule: Rule;
  /** How likely the match is to hold, above 0 and below 1. */
  readonly probability: number;
}

/** Decides in place of a draw whether the match holds. */
export type DecideDraw = (draw: Draw) => boolean;

export interface Choice extends Draw {
  readonly matched: boolean;
}

/** One way through all draws. */
export interface Way<T> {
  readonly choices: readonly Choice[];
  readonly result: T;
}

export interface Exploration<T> {
  readonly ways: readonly Way<T>[];
  /** False where there are more ways than were followed. */
  readonly complete: boolean;
}

/**
 * Runs the same thing again and again until every draw went both ways, at most `most` times. `run` must start anew each time
 * and depend on nothing but what is decided.
 */
export function explore<T>(run: (decide: DecideDraw) => T, most: number): Exploration<T> {
  const ways: Way<T>[] = [];
  let decided: readonly boolean[] = [];
  for (;;) {
    const choices: Choice[] = [];
    const result = run((draw) => {
      const matched = decided[choices.length] ?? true;
      choices.push({ ...draw, matched });
      return matched;
    });
    ways.push({ choices, result });
    const outcomes = choices.map(({ matched }) => matched);
    const last = outcomes.lastIndexOf(true);
    if (last < 0) return { ways, complete: true };
    if (ways.length >= most) return { ways, complete: false };
    decided = [...outcomes.slice(0, last), false];
  }
}

/** How likely a way is. */
export const likelihood = ({ choices }: Way<unknown>): number =>
  choices.reduce((all, { probability, matched }) => all * (matched ? probability : 1 - probability), 1);
