import type { Family } from "../packet/address.ts";
import { type PolicyRule, type RuleQuery, ruleMatches, takesAll } from "./policy-rule.ts";
import { type NextHop, printEntry, type RouteEntry } from "./route-entry.ts";
import { RouteTable, type TableHit } from "./route-table.ts";

/** What a look-up through all rules gives. */
export type FibResult =
  | {
      readonly kind: "route";
      readonly entry: RouteEntry;
      readonly nextHop: NextHop;
      readonly why: string;
      readonly ruleRealms: number;
    }
  /** Nothing fits, or a route or a rule refuses. */
  | FibRefusal;

export interface FibRefusal {
  readonly kind: "unreachable" | "prohibit" | "blackhole";
  /** Of the unreachable error that tells the sender; absent for "host unreachable". */
  readonly icmpCode?: number;
  /** The route that refuses; absent where a rule does, or nothing fits. */
  readonly entry?: RouteEntry;
  readonly why: string;
}

interface ReadyRule {
  readonly rule: PolicyRule;
  /** It need not be asked. */
  readonly takesAll: boolean;
}

/** The rules that a host has by itself, by priority. */
const usualTables: ReadonlyMap<number, string> = new Map([
  [0, "local"],
  [32766, "main"],
  [32767, "default"],
]);

/** The forwarding information base of one family: policy rules and the tables that they lead to. */
export class Fib {
  private readonly tables = new Map<string, RouteTable>();
  private readonly rules: readonly ReadyRule[];
  /** There are rules that a host does not have by itself: some checks are then done in full (fib4_has_custom_rules). */
  readonly hasCustomRules: boolean;
  private readonly assume: (text: string) => void;

  constructor(
    family: Family,
    routes: readonly RouteEntry[],
    rules: readonly PolicyRule[],
    assume: (text: string) => void,
  ) {
    const byTable = new Map<string, RouteEntry[]>();
    for (const entry of routes) {
      if (entry.family !== family) continue;
      const list = byTable.get(entry.table);
      if (list) list.push(entry);
      else byTable.set(entry.table, [entry]);
    }
    for (const [name, entries] of byTable) this.tables.set(name, new RouteTable(entries));
    const own = rules.filter((rule) => rule.family === family).sort((a, b) => a.priority - b.priority);
    this.rules = own.map((rule) => ({ rule, takesAll: takesAll(rule) }));
    this.hasCustomRules = own.some(
      ({ priority, action }) => action.kind !== "table" || usualTables.get(priority) !== action.table,
    );
    this.assume = assume;
  }

  /** The table `local` alone, which says what kind an address is. */
  lookupLocal(query: RuleQuery): TableHit | undefined {
    return this.tables.get("local")?.lookup(query);
  }

  /** fib_rules_lookup (net/core/fib_rules.c). */
  lookup(query: RuleQuery): FibResult {
    let from = 0;
    for (const { rule, takesAll } of this.rules) {
      if (rule.priority < from || !(takesAll || this.applies(rule, query))) continue;
      const { action, priority } = rule;
      switch (action.kind) {
        case "nop":
          break;
        case "goto":
          from = action.priority;
          break;
        case "table": {
          const hit = this.tables.get(action.table)?.lookup(query);
          const found = hit && resultOf(hit, rule);
          if (found) return found;
          break;
        }
        case "unreachable":
          return { kind: "unreachable", icmpCode: 0, why: `ip rule ${priority}: unreachable` };
        case "prohibit":
        case "blackhole":
          return { kind: action.kind, why: `ip rule ${priority}: ${action.kind}` };
      }
    }
    return { kind: "unreachable", icmpCode: 0, why: "no route to the destination" };
  }

  private applies(rule: PolicyRule, query: RuleQuery): boolean {
    if (!ruleMatches(rule, query)) return false;
    if (rule.unknown.length === 0) return true;
    this.assume(`ip rule ${rule.priority} asks for ${rule.unknown.join(", ")}: taken as not matching`);
    return false;
  }
}

const texts = new WeakMap<RouteEntry, string>();

/** An entry's text, which each packet's route has to say. */
function textOf(entry: RouteEntry): string {
  let text = texts.get(entry);
  if (text === undefined) {
    text = printEntry(entry);
    texts.set(entry, text);
  }
  return text;
}

/** `undefined` where the walk over the rules goes on: at a `throw`, or where the rule suppresses so short a prefix. */
function resultOf({ entry, nextHop }: TableHit, rule: PolicyRule): FibResult | undefined {
  const why = textOf(entry);
  switch (entry.type) {
    case "throw":
      return undefined;
    case "blackhole":
    case "unreachable":
    case "prohibit":
      return { kind: entry.type, entry, why };
    default:
      if (!nextHop) return undefined;
      if (rule.suppressPrefixLength !== undefined && entry.destination.length <= rule.suppressPrefixLength) {
        return undefined;
      }
      return { kind: "route", entry, nextHop, why, ruleRealms: rule.realms ?? 0 };
  }
}
