import type { Comparison } from "../analyse/diff-compare.ts";

/** What `diff` found between two files. */
export interface DiffResult extends Comparison {
  readonly old: string;
  readonly new: string;
}
