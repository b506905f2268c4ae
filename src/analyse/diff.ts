import { InternalError } from "../diagnostics/diagnostic.ts";
import type { TableName } from "../extensions/extension.ts";
import { printTarget } from "../model/print-rule.ts";
import type { Rule, Ruleset } from "../model/ruleset.ts";
import type { Hook } from "../packet/context.ts";
import type { Analysis, Outcome, PacketSet, Path, Region } from "./analysis.ts";
import { aligned, needsAlignment, withTracked } from "./diff-untracked.ts";
import { unlike, type Values, valuesKey, valuesOf } from "./diff-values.ts";
import type { PacketSpace } from "./packet-space.ts";
import { paths } from "./path.ts";
import { suspectsOf } from "./suspects.ts";

/** What decided: a rule, or a chain's policy. */
export type Decider = { readonly table: TableName; readonly chain: string } & (
  | { readonly number: number; readonly rule: Rule }
  | { readonly policy: "ACCEPT" | "DROP" }
);

/** How a group of packets fares with one of the rule sets. */
export interface DiffSide {
  readonly outcome: Outcome;
  readonly by: Decider;
  readonly hook: Hook;
  readonly rewrites: readonly string[];
}

/** Packets that fare differently, and alike among themselves. */
export interface DiffGroup {
  readonly path: Path;
  readonly packets: PacketSet;
  readonly old: DiffSide;
  readonly new: DiffSide;
}

/**
 * The packets whose fate differs between two rule sets that were analysed in one space, grouped by the rules that decide.
 * Empty is a proof that there are none.
 */
export function differences(before: Analysis, after: Analysis): readonly DiffGroup[] {
  const touched = suspectsOf(before, after);
  const suspects = needsAlignment(before, after) ? withTracked(before.space, touched) : touched;
  return paths.flatMap((path) => differencesOn(path, suspects, before, after));
}

function differencesOn(
  path: Path,
  suspects: PacketSet,
  before: Analysis,
  after: Analysis,
): readonly DiffGroup[] {
  const { space } = before;
  const domain = space.and(space.domain(path), suspects);
  if (domain === 0) return [];
  const align = needsAlignment(before, after) ? aligned : asIs;
  const { old, next } = withoutCommon(
    fatesOf(path, domain, before, align),
    fatesOf(path, domain, after, align),
  );
  const sameFate = unions(next, space);
  const groups = new Map<string, DiffGroup>();
  for (const one of old) {
    const rest = space.and(domain, space.minus(one.packets, sameFate.get(one.fate) ?? 0));
    if (rest === 0) continue;
    for (const other of next) {
      if (other.fate === one.fate) continue;
      const shared = space.and(rest, other.packets);
      if (shared === 0) continue;
      const packets =
        one.verdict === other.verdict
          ? space.and(shared, unlike(space, path, one.values, other.values))
          : shared;
      if (packets === 0) continue;
      const key = `${one.place} ${other.place}`;
      const known = groups.get(key);
      groups.set(
        key,
        known
          ? { ...known, packets: space.or(known.packets, packets) }
          : { path, packets, old: one.side, new: other.side },
      );
    }
  }
  return [...groups.values()];
}

const asIs = (_: PacketSpace, region: Region): readonly Region[] => [region];

/** A region with what it is compared by. */
interface Fated {
  readonly packets: PacketSet;
  readonly side: DiffSide;
  /** What becomes of the packets, and how they are answered. */
  readonly verdict: string;
  /** What they are then, where they go on. */
  readonly values: Values;
  /** Equal where nobody outside the host can tell the fates apart: verdict and values. */
  readonly fate: string;
  /** The fate and who decided. */
  readonly place: string;
}

function fatesOf(path: Path, within: PacketSet, analysis: Analysis, align: typeof aligned): readonly Fated[] {
  const { space, ruleset } = analysis;
  const { regions } = analysis.path(path, within);
  return regions.flatMap((region) => align(space, region)).map((region) => fated(region, ruleset));
}

function fated(region: Region, ruleset: Ruleset): Fated {
  const { packets, outcome, hook, rewrites } = region;
  const by = deciderOf(region, ruleset);
  const side: DiffSide = { outcome, by, hook, rewrites };
  const verdict = `${outcome} ${answer(side, ruleset)}`;
  const values: Values = outcome === "ACCEPT" ? valuesOf(region) : new Map();
  const place = [
    `${by.table}/${by.chain}:${"number" in by ? by.number : "policy"}`,
    verdict,
    ...(outcome === "ACCEPT" ? rewrites : []),
  ].join("\n");
  return { packets, side, verdict, values, fate: `${verdict}\n${valuesKey(values)}`, place };
}

export function deciderOf({ by }: Region, ruleset: Ruleset): Decider {
  if ("policy" in by) return by;
  const rule = ruleset.tables.get(by.table)?.chains.get(by.chain)?.rules[by.number - 1];
  if (rule === undefined) throw new InternalError(`no rule ${by.number} in ${by.table}/${by.chain}`);
  return { ...by, rule };
}

/** How a packet is rejected and which queue it goes to make a difference to somebody; the target's words tell. */
function answer({ outcome, by }: DiffSide, { family }: Ruleset): string {
  if ((outcome !== "REJECT" && outcome !== "QUEUE") || !("rule" in by)) return "";
  return printTarget(by.rule.target, by.rule.spec, family);
}

/** Leaves out what both have: most rules of two versions of a rule set decide about the same packets. */
function withoutCommon(
  old: readonly Fated[],
  next: readonly Fated[],
): { readonly old: readonly Fated[]; readonly next: readonly Fated[] } {
  const keyOf = ({ packets, fate }: Fated): string => `${packets} ${fate}`;
  const known = new Set(old.map(keyOf));
  const common = new Set(next.map(keyOf).filter((key) => known.has(key)));
  const rest = (list: readonly Fated[]) => list.filter((one) => !common.has(keyOf(one)));
  return { old: rest(old), next: rest(next) };
}

function unions(list: readonly Fated[], space: PacketSpace): ReadonlyMap<string, PacketSet> {
  const all = new Map<string, PacketSet>();
  for (const { fate, packets } of list) all.set(fate, space.or(all.get(fate) ?? 0, packets));
  return all;
}
