import type { SetNames } from "../../../src/arg-types/arg-type.ts";
import { type Tried, tryRule } from "../../extensions/try-rule.ts";
import type { Answer } from "./ask-iptables.ts";
import { exceptionFor } from "./exceptions.ts";
import type { OptionLine } from "./option-lines.ts";

export interface Comparison {
  readonly line: OptionLine;
  readonly theirs: string;
  readonly ours: string;
  /** `agrees`, or why it need not, or `differs`. */
  readonly result: "agrees" | "differs" | { readonly exception: string };
}

const refused = "refused: ";

/** Whether this is a complaint, not a rule. */
export const isRefused = (said: string): boolean => said.startsWith(refused);

/** What this kernel was built without or has no object of: iptables took the rule, and nobody can say how it is listed. */
const noSuchModule = "No chain/target/match by that name.";

/** iptables has no library of that name. We keep such a use as one of an extension that we do not know. */
export const isUnknownName = (said: string): boolean => /Couldn't load (?:match|target) /.test(said);

const keptAsUnknown = (tried: Tried): boolean =>
  "rule" in tried &&
  (tried.rule.target.kind === "unknown" || tried.rule.matches.some(({ kind }) => kind === "unknown"));

/** Whether the refusal is one that iptables leaves to the kernel. */
const leftToKernel = (tried: Tried): boolean =>
  "code" in tried && (tried.code === "kernel-refuses" || tried.code === "wrong-place");

/** Whether we accept what iptables accepts, refuse what it refuses, and print what it lists. */
export function compare(line: OptionLine, answer: Answer, sets: SetNames): Comparison {
  const tried = tryRule({ ...line, sets });
  const theirs = "saves" in answer ? answer.saves : `${refused}${answer.error}`;
  const ours = "saves" in tried ? tried.saves : `${refused}${tried.message}`;
  const agrees =
    theirs === ours ||
    (isRefused(theirs) && isRefused(ours) && !theirs.endsWith(noSuchModule)) ||
    (isUnknownName(theirs) && keptAsUnknown(tried));
  if (agrees) return { line, theirs, ours, result: "agrees" };
  // iptables itself took the line
  const isTaken = "saves" in tried || leftToKernel(tried);
  const unasked =
    theirs.endsWith(noSuchModule) && isTaken ? "the kernel has no such module or object" : undefined;
  const exception = unasked ?? exceptionFor({ line, theirs, ours });
  return { line, theirs, ours, result: exception === undefined ? "differs" : { exception } };
}
