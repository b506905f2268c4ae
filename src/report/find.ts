import type { FindAnswer, FoundRegion, FoundWitness } from "../analyse/find.ts";

/** What `find` says. */
export interface FindResult {
  readonly rules: string;
  readonly family: "ipv4" | "ipv6";
  /** When packets were to be sent, in seconds since 1970. */
  readonly now: number;
  /** What was looked for, for people: `accepted`, `dropped and matched by filter/INPUT:7`. */
  readonly goal: string;
  readonly answer: FindAnswer;
  /** The regions that were tried. */
  readonly regions: readonly FoundRegion[];
  readonly witnesses: readonly FoundWitness[];
  /** There are no further regions. */
  readonly isAll: boolean;
  /** How many different flows there are on each path, where that was asked. */
  readonly counts: readonly FlowCount[] | undefined;
  readonly assumptions: readonly string[];
}

/** Flows are (source, destination, protocol, ports or ICMP type and code). */
export interface FlowCount {
  readonly path: string;
  readonly flows: bigint;
  /** Of those, the ones that have packets for which nothing unseen decides. */
  readonly certain: bigint;
  /** What decides about the others. */
  readonly dependsOn: readonly string[];
}
