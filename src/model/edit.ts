import type { Family } from "../packet/address.ts";
import type { Command } from "./command.ts";
import {
  chainsBelow,
  type KernelRefusal,
  lazyGraph,
  loopRefusal,
  placeRefusals,
  refusalsAmong,
} from "./kernel-checks.ts";
import { hasCycle, type Walked, walkChain } from "./reach.ts";
import { type Refusable, refusable, refuse } from "./refusal.ts";
import { jumpOf } from "./rule-target.ts";
import type { Ruleset } from "./ruleset.ts";
import { emptyTable, noCounters, TableDraft } from "./table-draft.ts";
import { editTable } from "./table-edits.ts";

/**
 * Applies one command as `iptables` does. The rule set that was given stays as it is; a refused command changes nothing but
 * that its table is loaded from now on.
 */
export function applyCommand(
  ruleset: Ruleset,
  command: Command,
): { readonly ruleset: Ruleset; readonly result: Refusable<undefined> } {
  const draft = new TableDraft(ruleset.tables.get(command.table) ?? emptyTable(command.table));
  const result = editDraft(draft, command, ruleset.family);
  const tables = new Map(ruleset.tables).set(command.table, draft.freeze());
  return { ruleset: { ...ruleset, tables }, result };
}

/** The same in place, for many commands in a row. */
export function editDraft(draft: TableDraft, command: Command, family: Family): Refusable<undefined> {
  draft.begin();
  const result = refusable(() => {
    const chain = draft.chain(command.chain ?? "");
    const before = chain && walkChain(chain);
    editTable(draft, command);
    const refusal = kernelRefusal(draft, command, family, before);
    if (refusal) {
      const { code, message, help, iptables } = refusal;
      refuse(code, message, undefined, help, [`iptables: ${iptables}`]);
    }
    forgetPolicyCounters(draft, command);
    return undefined;
  });
  if (!result.ok) draft.rollback();
  return result;
}

/** What the kernel has against the table now. Before the command it had nothing, so only what the command reaches counts. */
function kernelRefusal(
  draft: TableDraft,
  command: Command,
  family: Family,
  before: Walked | undefined,
): KernelRefusal | undefined {
  const chain = draft.chain(command.chain ?? "");
  if (!chain) return undefined;
  if (command.kind === "append" || command.kind === "insert") {
    const count = command.rules.length;
    const from = command.kind === "insert" ? command.number - 1 : chain.rules.length - count;
    const added = chain.rules.slice(from, from + count);
    const opened = added.flatMap((rule) => jumpOf(rule) ?? []);
    if (opened.length === 0) return refusalsAmong(chain, from, from + count, draft, family)[0];
    const below = chainsBelow(draft, opened);
    if (!below.has(chain.name) && !hasCycle(draft, below)) {
      const own = refusalsAmong(chain, from, from + count, draft, family)[0];
      return own ?? placeRefusals(draft, family, lazyGraph(draft), below)[0];
    }
  } else if (command.kind === "delete-number" || command.kind === "delete") {
    // a way opens only where the rule that ended the chain is gone
    const after = walkChain(chain);
    if (before === undefined || !before.ended || (after.ended && after.live <= before.live)) return undefined;
  } else if (command.kind !== "replace") {
    return undefined;
  }
  // a new jump opens a way, and so does a verdict that is no longer in it
  const graph = lazyGraph(draft);
  return loopRefusal(graph()) ?? placeRefusals(draft, family, graph, chainsBelow(draft, [chain.name]))[0];
}

/** The commands that hand the whole table to the kernel anew. */
const changes: ReadonlySet<Command["kind"]> = new Set([
  "append",
  "insert",
  "replace",
  "delete",
  "delete-number",
  "flush",
  "new-chain",
  "delete-chain",
  "rename-chain",
  "policy",
]);

/** iptables-legacy loses the counters of all policies whenever it changes a table; only those that -P sets stay. */
function forgetPolicyCounters(draft: TableDraft, command: Command): void {
  if (!changes.has(command.kind)) return;
  const kept = command.kind === "policy" ? command.chain : undefined;
  for (const { name, counters } of draft.builtin) {
    if (name !== kept && counters !== noCounters) draft.update(name, { counters: noCounters });
  }
}
