import type { ToldSets } from "../host/ipset/told-sets.ts";
import type { Backend } from "../model/hooks.ts";
import { needsConntrack } from "../model/rule-formula.ts";
import type { Chain, Rule, Ruleset } from "../model/ruleset.ts";
import { fields } from "../packet/fields.ts";
import type { Analysis, PacketSet, PathResult, PathSettings, RuleReach } from "./analysis.ts";
import { Entries } from "./chain-summary.ts";
import { namedDevices } from "./device-names.ts";
import { type Arrival, ChainReach, LazyReach } from "./lazy-reach.ts";
import { namedMacs } from "./mac-codes.ts";
import { PacketSpace } from "./packet-space.ts";
import { type Path, paths } from "./path.ts";
import { SetPath } from "./set-path.ts";
import { SetRules } from "./set-rules.ts";
import { SetWalk } from "./set-walk.ts";
import type { WalkedPath } from "./walked-path.ts";

export interface AnalyseOptions {
  /** Sets of rule sets that are to be compared have to be of one space; a fresh one unless told. Same family. */
  readonly space?: PacketSpace;
  /** Who reads the rules: tables may have another order, and some matches another meaning. */
  readonly backend?: Backend | undefined;
  /** The host's ipsets; without them, what depends on a set is open. Analyses to be compared have to be given the same ones. */
  readonly sets?: ToldSets | undefined;
  /** How large sets may grow before `SetsTooLarge` is thrown. */
  readonly mostNodes?: number;
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
  readonly settings: PathSettings;
  private readonly results = new Map<Path, WalkedPath>();
  private readonly assumed = new Set<string>();
  private readonly walk: SetWalk;
  private listed: readonly RuleReach[] | undefined;

  constructor(ruleset: Ruleset, { space, backend = "legacy", sets, mostNodes }: AnalyseOptions) {
    this.ruleset = ruleset;
    this.rulesReady = new SetRules(ruleset, sets, backend);
    this.space = space ?? this.newSpace(mostNodes);
    this.walk = new SetWalk(this.space, ruleset, this.rulesReady, (text) => this.assumed.add(text));
    this.settings = settingsOf(ruleset, this.rulesReady, backend);
  }

  private newSpace(mostNodes: number | undefined): PacketSpace {
    const { family } = this.ruleset;
    const macs = namedMacs(this.rulesReady.all().map(({ formula }) => formula));
    return new PacketSpace(family, namedDevices(this.ruleset), { macs, mostNodes });
  }

  get assumptions(): readonly string[] {
    return [...this.assumed];
  }

  path(path: Path, within?: PacketSet): PathResult {
    const isAll = within === undefined || this.space.implies(this.space.domain(path), within);
    return this.walked(path, isAll ? undefined : within);
  }

  private walked(path: Path, within?: PacketSet): WalkedPath {
    const whole = this.results.get(path);
    if (within === undefined && whole) return whole;
    const result = new SetPath(this.space, this.walk, this.settings, path, within).run();
    if (within === undefined) this.results.set(path, result);
    return result;
  }

  touched(these: ReadonlySet<Rule | Chain>): PacketSet {
    const { space } = this;
    const sets: PacketSet[] = [];
    if (these.size === 0) return 0;
    for (const { passages } of paths.map((path) => this.walked(path))) {
      for (const { site, roots } of passages) {
        const entries = new Entries(space, roots);
        for (const summary of entries.summaries) {
          for (const [index, { matched }] of summary.rules.entries()) {
            const rule = summary.chain.rules[index];
            if (rule && these.has(rule) && !this.rulesReady.of(rule, site.table).passive)
              sets.push(space.and(entries.around(summary), matched));
          }
        }
        const chain = this.ruleset.tables.get(site.table)?.chains.get(site.hook);
        if (!chain || !these.has(chain)) continue;
        for (const { back } of roots) sets.push(...back.map(({ set }) => set));
      }
    }
    return space.union(sets);
  }

  rules(): readonly RuleReach[] {
    if (this.listed) return this.listed;
    const arrivals = new Map<Chain, Arrival[]>();
    for (const { passages } of paths.map((path) => this.walked(path))) {
      for (const { entries } of passages) {
        for (const summary of entries.summaries) {
          const known = arrivals.get(summary.chain);
          if (known) known.push({ entries, summary });
          else arrivals.set(summary.chain, [{ entries, summary }]);
        }
      }
    }
    this.listed = [...this.ruleset.tables.values()].flatMap((table) =>
      [...table.chains.values()].flatMap((chain) => {
        const reach = new ChainReach(this.space, table.name, chain.name, arrivals.get(chain) ?? []);
        return chain.rules.map(
          (rule, index) => new LazyReach(reach, index + 1, this.rulesReady.of(rule, table.name).formula),
        );
      }),
    );
    return this.listed;
  }
}

function settingsOf(ruleset: Ruleset, rules: SetRules, backend: Backend): PathSettings {
  const all = rules.all();
  return {
    backend,
    tracks: all.some(({ rule }) => needsConntrack(rule)),
    hasNat: ruleset.tables.has("nat"),
    translates: all.some(({ effects }) =>
      effects.some(({ kind }) => ["nat", "masquerade", "redirect", "netmap"].includes(kind)),
    ),
    natIsSteady: rules.natIsSteady,
    asksTtl: rules.ask(fields.ttl) || all.some(({ effects }) => effects.some(({ kind }) => kind === "ttl")),
  };
}
