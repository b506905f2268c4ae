import type { Family } from "../packet/address.ts";
import type { Command } from "./command.ts";
import { chainsBelow, type KernelRefusal, loopRefusal, placeRefusals } from "./kernel-checks.ts";
import { type Refusable, refusable, refuse } from "./refusal.ts";
import type { Ruleset } from "./ruleset.ts";
import { emptyTable, jumpOf, TableDraft } from "./table-draft.ts";
import { editTable } from "./table-edits.ts";

/**
 * Applies one command as `iptables` does. The rule set that was given stays as it is; a refused command changes nothing but
 * that its table is loaded from now on.
 */
export function applyCommand(
  ruleset: Ruleset,
  command: Command,
): { readonly ruleset: Ruleset; readonly result: Refusable<undefined> } {
  const table = ruleset.tables.get(command.table) ?? emptyTable(command.table);
  const draft = new TableDraft(table);
  const result = refusable(() => {
    editTable(draft, command);
    const refusal = kernelRefusal(draft, command, ruleset.family);
    if (refusal) {
      const { code, message, help, iptables } = refusal;
      refuse(code, message, undefined, help, [`iptables: ${iptables}`]);
    }
    return undefined;
  });
  const tables = new Map(ruleset.tables).set(command.table, result.ok ? draft.freeze() : table);
  return { ruleset: { ...ruleset, tables }, result };
}

/** What the kernel has against the table now. Before the command it had nothing, so only what the command reaches counts. */
function kernelRefusal(draft: TableDraft, command: Command, family: Family): KernelRefusal | undefined {
  switch (command.kind) {
    case "append":
    case "insert":
    case "replace":
    case "delete":
    case "delete-number": {
      const rules = command.kind === "replace" ? [command.rule] : "rules" in command ? command.rules : [];
      const jumps = rules.some((rule) => jumpOf(rule) !== undefined);
      const removes = command.kind.startsWith("delete") || command.kind === "replace";
      // a removed verdict can open the way to the rules behind it
      if (!jumps && !removes) {
        return placeRefusals(draft, family, new Set([command.chain]))[0];
      }
      return loopRefusal(draft) ?? placeRefusals(draft, family, chainsBelow(draft, command.chain))[0];
    }
    default:
      return undefined;
  }
}
