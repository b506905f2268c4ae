import type { Coverage } from "../analyse/coverage.ts";
import type { CaptureProblem } from "../capture/captured-packet.ts";
import type { CounterComparison } from "../capture/counter-comparison.ts";
import type { ReplayCount } from "../capture/replay-count.ts";

/** What `replay` found. */
export interface ReplayResult {
  /** The rules' file. */
  readonly file: string;
  readonly captures: readonly string[];
  readonly problems: readonly (CaptureProblem & { readonly file: string })[];
  readonly count: ReplayCount;
  readonly coverage: Coverage;
  /** What the rules' counters were held against; absent without `--against`. */
  readonly against?: { readonly file: string; readonly comparison: CounterComparison };
  readonly assumptions: readonly string[];
}

/** Notes on packets that were not replayed as they were, `0 …` left out. */
export function remarks({ truncated, filled, left, backInTime, flows }: ReplayCount): readonly string[] {
  const all: readonly (readonly [number, string])[] = [
    [truncated, "cut by the snaplen"],
    [
      filled,
      "of them filled up with zeros, with a checksum that fits: what rules look for in a payload is not there",
    ],
    [left, "captured once more as they left: the replay had sent them already"],
    [backInTime, "with an earlier time than the packet before: taken as simultaneous"],
    [flows.evicted, "times a flow was taken out of the full table: one that came back is counted again"],
  ];
  return all.filter(([number]) => number > 0).map(([number, text]) => `${number} ${text}`);
}
