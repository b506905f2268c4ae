import type { Backend } from "../model/hooks.ts";
import { needsConntrack } from "../model/rule-formula.ts";
import type { Rule, Ruleset } from "../model/ruleset.ts";
import { fields } from "../packet/fields.ts";
import type { Analysis, PathResult, RuleReach } from "./analysis.ts";
import { namedDevices } from "./device-names.ts";
import { type Arrival, LazyReach } from "./lazy-reach.ts";
import { PacketSpace } from "./packet-space.ts";
import { type Path, paths } from "./path.ts";
import { type PathSettings, SetPath } from "./set-path.ts";
import { SetRules } from "./set-rules.ts";
import { SetWalk } from "./set-walk.ts";

export interface AnalyseOptions {
  /** Sets of rule sets that are to be compared have to be of one space; a fresh one unless told. Same family. */
  readonly space?: PacketSpace;
  readonly backend?: Backend;
}

/**
 * Reads a rule set as sets of packets, through all tables in the order of the hooks. Nothing is known of the host: after
 * DNAT a packet keeps to the path that was asked for. Paths are walked when they are first asked for.
 */
export function analyse(ruleset: Ruleset, options: AnalyseOptions = {}): Analysis {
  return new RulesetAnalysis(ruleset, options);
}

class RulesetAnalysis implements Analysis {
  readonly ruleset: Ruleset;
  readonly space: PacketSpace;
  private readonly rulesReady: SetRules;
  private readonly settings: PathSettings;
  private readonly results = new Map<Path, PathResult>();
  private readonly assumed = new Set<string>();
  private readonly walks: SetWalk[] = [];
  private listed: readonly RuleReach[] | undefined;

  constructor(ruleset: Ruleset, { space, backend = "legacy" }: AnalyseOptions) {
    this.ruleset = ruleset;
    this.space = space ?? new PacketSpace(ruleset.family, namedDevices(ruleset));
    this.rulesReady = new SetRules(ruleset);
    this.settings = settingsOf(ruleset, this.rulesReady, backend);
  }

  get assumptions(): readonly string[] {
    return [...this.assumed];
  }

  path(path: Path): PathResult {
    let result = this.results.get(path);
    if (!result) {
      const walk = new SetWalk(this.space, this.ruleset, this.rulesReady, (text) => this.assumed.add(text));
      this.walks.push(walk);
      result = new SetPath(this.space, walk, this.settings, path).run();
      this.results.set(path, result);
    }
    return result;
  }

  rules(): readonly RuleReach[] {
    if (this.listed) return this.listed;
    for (const path of paths) this.path(path);
    const arrivals = new Map<Rule, Arrival[]>();
    for (const walk of this.walks) {
      walk.spread((rule, arrival) => {
        const known = arrivals.get(rule);
        if (known) known.push(arrival);
        else arrivals.set(rule, [arrival]);
      });
    }
    this.listed = [...this.ruleset.tables.values()].flatMap((table) =>
      [...table.chains.values()].flatMap((chain) =>
        chain.rules.map((rule, index): RuleReach => {
          const { formula } = this.rulesReady.of(rule, table.name);
          const place = { table: table.name, chain: chain.name, number: index + 1 };
          return new LazyReach(this.space, place, formula, arrivals.get(rule) ?? []);
        }),
      ),
    );
    return this.listed;
  }
}

function settingsOf(ruleset: Ruleset, rules: SetRules, backend: Backend): PathSettings {
  const all = [...ruleset.tables.values()].flatMap((table) =>
    [...table.chains.values()].flatMap((chain) => chain.rules.map((rule) => rules.of(rule, table.name))),
  );
  return {
    backend,
    tracks: all.some(({ rule }) => needsConntrack(rule)),
    hasNat: ruleset.tables.has("nat"),
    translates: all.some(({ effects }) =>
      effects.some(({ kind }) => ["nat", "masquerade", "redirect", "netmap"].includes(kind)),
    ),
    asksTtl: rules.ask(fields.ttl),
  };
}
