import type { Source, Span } from "../diagnostics/diagnostic.ts";
import type { Trace } from "../evaluate/trace.ts";
import type { Family } from "../packet/address.ts";
import type { Disappointment } from "./expectation.ts";

/** `unknown`: sets of packets cannot prove the check, and no packet was found that breaks it. */
export type CheckStatus = "pass" | "fail" | "unknown";

/** A packet that breaks a check, as the machine ran it. */
export interface Counterexample {
  /** iptables' words; composed again they give the same packet. */
  readonly words: string;
  readonly trace: Trace;
}

/** What a policy's check came to on one rule set. */
export interface CheckResult {
  readonly name: string;
  readonly status: CheckStatus;
  /** Where the check stands in the policy. */
  readonly source: Source;
  readonly span: Span;
  /** One sentence: what was proved, what breaks the check, or what keeps it from being proved. */
  readonly message: string;
  readonly counterexample: Counterexample | undefined;
  /** What a packet or flow did not do as expected. */
  readonly disappointments: readonly Disappointment[];
  /** What decides, and cannot be seen by sets of packets or is not modelled. */
  readonly assumptions: readonly string[];
  /** Whether `unknown` counts as a failure. */
  readonly unknownFails: boolean;
}

/** Whether a result fails the policy. */
export const breaksPolicy = ({ status, unknownFails }: CheckResult): boolean =>
  status === "fail" || (status === "unknown" && unknownFails);

/** A policy's results on one file of rules. */
export interface PolicyResult {
  /** The file's name. */
  readonly rules: string;
  readonly family: Family;
  readonly results: readonly CheckResult[];
}
