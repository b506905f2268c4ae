import type { Decision } from "./trace.ts";

/** How a walk through one table ends. */
export interface WalkEnd {
  readonly verdict: "accept" | "drop" | "queue";
  readonly decision: Decision;
}
