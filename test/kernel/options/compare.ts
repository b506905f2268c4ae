import type { SetNames } from "../../../src/arg-types/arg-type.ts";
import { tryRule } from "../../extensions/try-rule.ts";
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

/** What this kernel was built without: iptables took the rule, and nobody can say how it is listed. */
const noSuchModule = "No chain/target/match by that name.";

/** Whether we accept what iptables accepts, refuse what it refuses, and print what it lists. */
export function compare(line: OptionLine, answer: Answer, sets: SetNames): Comparison {
  const tried = tryRule({ ...line, sets });
  const theirs = "saves" in answer ? answer.saves : `${refused}${answer.error}`;
  const ours = "saves" in tried ? tried.saves : `${refused}${tried.message}`;
  const agrees = theirs === ours || (isRefused(theirs) && isRefused(ours));
  if (agrees) return { line, theirs, ours, result: "agrees" };
  const unasked = theirs.endsWith(noSuchModule) ? "the kernel has no such module" : undefined;
  const exception = unasked ?? exceptionFor({ line, theirs, ours });
  return { line, theirs, ours, result: exception === undefined ? "differs" : { exception } };
}
