import { isJump, type JumpRule, standardVerdicts } from "./rule-target.ts";
import type { Chain, Rule } from "./ruleset.ts";
import { SavedRule } from "./saved-rule.ts";
import type { TableDraft } from "./table-draft.ts";

/** True for a rule that no packet gets past: no condition, and a standard verdict (mark_source_chains' `unconditional`). */
export function endsChain(rule: Rule): boolean {
  const { target } = rule;
  if (target.kind !== "known" && target.kind !== "unknown") return false;
  const name = target.kind === "known" ? target.target.name : target.name;
  return standardVerdicts.has(name) && isBare(rule);
}

const isBare = (rule: Rule): boolean =>
  rule instanceof SavedRule ? rule.bare : rule.matches.length === 0 && Object.keys(rule.spec).length === 0;

export interface Walked {
  /** How many rules from the start the kernel looks at. */
  readonly live: number;
  /** Whether a rule ends the walk. */
  readonly ended: boolean;
  /** The live ones that jump or go to another chain. */
  readonly jumps: readonly JumpRule[];
}

const walked = new WeakMap<Chain, Walked>();
const unwalked: Walked = { live: 0, ended: false, jumps: [] };

function walkFrom(chain: Chain, start: Walked): Walked {
  const jumps: JumpRule[] = [];
  let live = start.live;
  let ended = false;
  while (live < chain.rules.length && !ended) {
    const rule = chain.rules[live++]!;
    if (isJump(rule)) jumps.push(rule);
    else ended = endsChain(rule);
  }
  return { live, ended, jumps: jumps.length === 0 ? start.jumps : start.jumps.concat(jumps) };
}

/** Which rules of a chain can be reached at all, and the jumps among them. */
export function walkChain(chain: Chain): Walked {
  let known = walked.get(chain);
  if (known === undefined) {
    known = walkFrom(chain, unwalked);
    walked.set(chain, known);
  }
  return known;
}

/**
 * Tells that `after` is `before` with `added` in the place of the `removed` rules at 0-based `index`, so that rules can be
 * appended, inserted and deleted one by one without a walk through all the others.
 */
export function carryWalk(
  before: Chain,
  after: Chain,
  index: number,
  removed: readonly Rule[],
  added: readonly Rule[],
): void {
  const known = walked.get(before);
  if (known === undefined) return;
  if (known.ended && index >= known.live) walked.set(after, known);
  else if (index === known.live && removed.length === 0) walked.set(after, walkFrom(after, known));
  else if (index < known.live && [...removed, ...added].every(isPassed)) {
    walked.set(after, { ...known, live: known.live + added.length - removed.length });
  }
}

/** Neither an end of the chain nor a jump. */
const isPassed = (rule: Rule): boolean => !isJump(rule) && !endsChain(rule);

/** Whether chains that can be reached from these go round in a circle. */
export function hasCycle(draft: TableDraft, starts: Iterable<string>): boolean {
  const state = new Map<string, "open" | "done">();
  for (const start of starts) {
    if (state.has(start)) continue;
    state.set(start, "open");
    const path = [{ name: start, next: 0 }];
    while (path.length > 0) {
      const top = path.at(-1)!;
      const chain = draft.chain(top.name);
      const jump = chain && walkChain(chain).jumps[top.next++];
      if (jump === undefined) {
        state.set(top.name, "done");
        path.pop();
        continue;
      }
      const to = jump.target.chain;
      const seen = state.get(to);
      if (seen === "open") return true;
      if (seen === "done") continue;
      state.set(to, "open");
      path.push({ name: to, next: 0 });
    }
  }
  return false;
}
