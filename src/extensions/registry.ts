import type { Match, Target } from "./extension.ts";

/** All matches that we model: one import and one line for each file of `matches/` (a test compares). */
export const matches: readonly Match[] = [];

/** All targets that we model: one import and one line for each file of `targets/`. */
export const targets: readonly Target[] = [];

const byName = <T extends { readonly name: string; readonly aliases?: readonly string[] }>(
  extensions: readonly T[],
): ReadonlyMap<string, T> =>
  new Map(extensions.flatMap((one) => [one.name, ...(one.aliases ?? [])].map((name) => [name, one] as const)));

export const matchesByName: ReadonlyMap<string, Match> = byName(matches);
export const targetsByName: ReadonlyMap<string, Target> = byName(targets);
