import type { Effect } from "../extensions/effect.ts";
import type { TableName } from "../extensions/extension.ts";
import type { DeviceField, Formula } from "../formula/formula.ts";
import type { Backend } from "../model/hooks.ts";
import { argsOf, type RuleSite, ruleFormula, siteOf } from "../model/rule-formula.ts";
import type { Rule, Ruleset } from "../model/ruleset.ts";
import type { Field } from "../packet/fields.ts";
import { rewritesPackets } from "./perform-sets.ts";

/** A rule as the walk over sets needs it. */
export interface SetRule {
  readonly rule: Rule;
  readonly formula: Formula;
  readonly effects: readonly Effect[];
  /** Matching packets go on as they are: the walk has nothing to split. */
  readonly passive: boolean;
  /** The rule asks something that may answer differently each time. */
  readonly stateful: boolean;
}

type Sets = RuleSite["sets"];

/** For whom nobody told what sets hold. */
const untold = {};

/** A rule that two rule sets share has one formula, so that its memory is one variable to both (diff-same-rules.ts). */
const known: Readonly<Record<Backend, WeakMap<object, WeakMap<Rule, SetRule>>>> = {
  legacy: new WeakMap(),
  nft: new WeakMap(),
};

function knownWith(sets: Sets, backend: Backend): WeakMap<Rule, SetRule> {
  const key = sets ?? untold;
  const rules = known[backend].get(key) ?? new WeakMap<Rule, SetRule>();
  known[backend].set(key, rules);
  return rules;
}

/** The rules of a set, made ready once. */
export class SetRules {
  private readonly ruleset: Ruleset;
  private readonly sets: Sets;
  private readonly backend: Backend;
  private readonly known: WeakMap<Rule, SetRule>;
  private listed: readonly SetRule[] | undefined;
  private readonly askedIn = new Map<TableName, Set<Field | DeviceField>>();

  constructor(ruleset: Ruleset, sets?: Sets, backend: Backend = "legacy") {
    this.ruleset = ruleset;
    this.sets = sets;
    this.backend = backend;
    this.known = knownWith(sets, backend);
  }

  of(rule: Rule, table: TableName): SetRule {
    let ready = this.known.get(rule);
    if (!ready) {
      const site = {
        ...siteOf(this.ruleset.family, table, rule.spec),
        sets: this.sets,
        backend: this.backend,
      };
      ready = prepare(rule, site);
      this.known.set(rule, ready);
    }
    return ready;
  }

  /** Every rule of every chain. */
  all(): readonly SetRule[] {
    this.listed ??= [...this.ruleset.tables.values()].flatMap((table) =>
      [...table.chains.values()].flatMap(({ rules }) => rules.map((rule) => this.of(rule, table.name))),
    );
    return this.listed;
  }

  /** Whether any rule asks for the field. */
  ask(field: Field): boolean {
    return this.all().some(({ formula }) => some(formula, (leaf) => asks(leaf, field)));
  }

  /** Whether all packets of a connection's one side have one answer from each rule of the nat table, as far as their fields do. */
  get natIsSteady(): boolean {
    const chains = [...(this.ruleset.tables.get("nat")?.chains.values() ?? [])];
    return !chains.some(({ rules }) =>
      rules.some((rule) =>
        some(
          this.of(rule, "nat").formula,
          (leaf) => leaf.kind === "unknown" || (leaf.kind === "opaque" && !leaf.steady),
        ),
      ),
    );
  }

  /** Whether a rule of the table does. */
  tableAsks(table: TableName, field: Field | DeviceField): boolean {
    let fields = this.askedIn.get(table);
    if (!fields) {
      fields = new Set();
      for (const { rules } of this.ruleset.tables.get(table)?.chains.values() ?? []) {
        for (const rule of rules) addFields(this.of(rule, table).formula, fields);
      }
      this.askedIn.set(table, fields);
    }
    return fields.has(field);
  }
}

const asks = (leaf: Formula, field: Field): boolean =>
  (leaf.kind === "in" || leaf.kind === "masked") && leaf.field === field;

function addFields(formula: Formula, fields: Set<Field | DeviceField>): void {
  some(formula, (leaf) => {
    if (leaf.kind === "in" || leaf.kind === "masked" || leaf.kind === "device") fields.add(leaf.field);
    return false;
  });
}

function prepare(rule: Rule, site: RuleSite): SetRule {
  const formula = ruleFormula(rule, site);
  const { target } = rule;
  const effects = target.kind === "known" ? target.target.effects(argsOf(target.args), site) : [];
  const silent = target.kind === "none" || target.kind === "unknown";
  const passive = silent || (target.kind === "known" && !rewritesPackets(effects));
  const stateful = some(formula, ({ kind }) => kind === "stateful" || kind === "unknown");
  return { rule, formula, effects, passive, stateful };
}

/** Whether one of a formula's leaves is of a kind. */
function some(formula: Formula, test: (leaf: Formula) => boolean): boolean {
  switch (formula.kind) {
    case "and":
    case "or":
      return formula.of.some((part) => some(part, test));
    case "not":
    case "hotdrop":
      return some(formula.of, test);
    default:
      return test(formula);
  }
}
