import { analyse } from "../../../src/analyse/analyse.ts";
import type { Analysis, Path, Region } from "../../../src/analyse/analysis.ts";
import type { PacketSet } from "../../../src/analyse/packet-space.ts";
import { paths } from "../../../src/analyse/path.ts";
import type { View } from "../../../src/analyse/view.ts";
import { Machine } from "../../../src/evaluate/machine.ts";
import type { Trace } from "../../../src/evaluate/trace.ts";
import type { Formula } from "../../../src/formula/formula.ts";
import type { Backend } from "../../../src/model/hooks.ts";
import { parseRuleset } from "../../../src/model/parse-ruleset.ts";
import type { Address, Family } from "../../../src/packet/address.ts";
import type { Context } from "../../../src/packet/context.ts";
import { type Field, fields } from "../../../src/packet/fields.ts";
import { fieldsAsked } from "./fields-asked.ts";
import { finalFields } from "./final-fields.ts";
import { isHostsWord, machinesWord, pathOf, regionsWord } from "./hold-sets.ts";
import { type Asked, hostAnswers } from "./host-answers.ts";
import { inFamily } from "./in-family.ts";
import { has, onlyPacket } from "./one-packet.ts";
import { playSmall } from "./play-small.ts";
import { smallHost, smallWorld } from "./small-world.ts";
import type { Snapshot } from "./snapshot.ts";
import { watched } from "./watched-ruleset.ts";

/** What the machine did with one packet on one path. */
interface Seen {
  readonly words: string;
  readonly point: PacketSet;
  readonly asked: Asked;
  /** Who decided what. */
  readonly word: string;
  /** What the packet and its connection are at the end, -1 for what is not there; empty for one that was not accepted. */
  readonly results: ReadonlyMap<Field, Address>;
}

export interface BruteForce {
  /** Packets of the world that rules decided about. */
  readonly packets: number;
  /** The different fates, results included, that they have. */
  readonly fates: number;
  /** Fates whose packets are not the same in the sets as on the machine. */
  readonly differences: readonly string[];
}

const start = 1767225600;

/** Runs every packet of the small world; for each fate and result the sets have to be, within that world, its packets. */
export function bruteForce(
  rules: string,
  family: Family,
  backend: Backend = "legacy",
): BruteForce | undefined {
  const text = inFamily(rules, family);
  const { ruleset: written, diagnostics } = parseRuleset(text, { family, filename: "rules" });
  if (diagnostics.some(({ severity }) => severity === "error")) return undefined;
  const watch = watched(written);
  const { ruleset } = watch;
  const analysis = analyse(ruleset, { backend });
  const asked = fieldsAsked(ruleset);
  const host = smallHost(family);
  const all = new Map<Path, Seen[]>(paths.map((path) => [path, []]));
  let packets = 0;
  for (const one of smallWorld) {
    const machine = new Machine(ruleset, { host, now: start, backend });
    const trace = playSmall({ machine, host, family, now: start }, one, watch.forget);
    const { entering, tracked } = watch.seen;
    if (!trace || !entering || isHostsWord(trace.fate) || comesBack(trace)) continue;
    packets++;
    const known = pathOf(trace);
    const hooks = trace.events.filter((event) => event.kind === "hook");
    const inDevice = hooks[0]?.inDevice;
    const outs = hooks.flatMap(({ outDevice }) => outDevice ?? []);
    const left = outs[0] ?? "eth1";
    // what ends before it is routed has no path yet: it may be on either
    for (const path of known ? [known] : (["INPUT", "FORWARD"] as const)) {
      const outDevice = path === "INPUT" ? undefined : left;
      const sighting = { family, entering, tracked, inDevice, outDevice, opaque: [] } as const;
      const point = onlyPacket(analysis.space, sighting, asked);
      all.get(path)?.push({
        words: one.before === "nothing" ? one.words : `${one.words} (before: ${one.before})`,
        point: analysis.space.and(point, analysis.space.domain(path)),
        // NAT may have sent it elsewhere
        asked: { trace, entering, inDevice, outDevice: outs.at(-1) ?? "eth1" },
        word: machinesWord(trace.fate, path),
        results: resultsOf(trace, entering, watch.own, family),
      });
    }
  }
  const found = [...all].map(([path, ofPath]) => compare(analysis, path, ofPath));
  return {
    packets,
    fates: found.reduce((sum, { fates }) => sum + fates, 0),
    differences: found.flatMap(({ differences }) => differences),
  };
}

/** It is rewritten to an address of the loopback device: two ways in one. */
const comesBack = ({ events }: Trace): boolean =>
  events.filter((event) => event.kind === "hook" && ["PREROUTING", "OUTPUT"].includes(event.hook)).length > 1;

function resultsOf(
  trace: Trace,
  entering: Snapshot,
  own: Context | undefined,
  family: Family,
): ReadonlyMap<Field, Address> {
  if (trace.fate.verdict !== "ACCEPT") return new Map();
  const results = new Map(finalFields(trace, family));
  results.set(fields.protocol, entering.get(fields.protocol) ?? 0);
  if (!results.has(fields.mark)) results.set(fields.mark, entering.get(fields.mark) ?? 0);
  const tracking = own?.packet.tracking;
  results.set(fields.ctmark, tracking?.kind === "tracked" ? tracking.connection.mark : -1);
  return results;
}

const keyOf = ({ word, results }: Pick<Seen, "word" | "results">): string =>
  [word, ...[...results].map(([field, value]) => `${field.name} ${value}`).sort()].join(", ");

/** The packets of the region that are so at their end. */
function withResults(analysis: Analysis, { packets, view }: Region, results: Seen["results"]): PacketSet {
  const { space } = analysis;
  // at its end a packet lacks nothing that it had
  const end = lackingNothing(view);
  let rest = packets;
  for (const [field, value] of results) rest = space.and(rest, space.set(having(field, value), end));
  return rest;
}

const ends = new WeakMap<View, View>();

function lackingNothing(view: View): View {
  const end = ends.get(view) ?? view.lacking(new Set());
  ends.set(view, end);
  return end;
}

const formulas = new Map<string, Formula>();

/** One and the same formula for equal values: a view knows what it has been asked. */
function having(field: Field, value: Address): Formula {
  const key = `${field.name} ${value}`;
  const formula = formulas.get(key) ?? has(field, value);
  formulas.set(key, formula);
  return formula;
}

function compare(
  analysis: Analysis,
  path: Path,
  seen: readonly Seen[],
): Pick<BruteForce, "fates" | "differences"> {
  const { space } = analysis;
  const found = analysis.path(path, space.union(seen.map(({ point }) => point))).regions;
  // only now it is known what the sets leave to the host
  const all = seen.map((one) => ({ ...one, point: space.and(one.point, hostAnswers(space, one.asked)) }));
  const world = space.union(all.map(({ point }) => point));
  const regions = found.map((region) => ({ ...region, packets: space.and(world, region.packets) }));
  const byFate = new Map<string, Seen[]>();
  for (const one of all) {
    const known = byFate.get(keyOf(one));
    if (known) known.push(one);
    else byFate.set(keyOf(one), [one]);
  }
  const differences: string[] = [];
  for (const [key, ofFate] of byFate) {
    const { word, results } = ofFate[0]!;
    const onMachine = space.or(...ofFate.map(({ point }) => point));
    const inSets = space.or(
      ...regions
        .filter((region) => regionsWord(region) === word)
        .map((region) => withResults(analysis, region, results)),
    );
    if (inSets === onMachine) continue;
    const missing = ofFate.find(({ point }) => !space.implies(point, inSets));
    const added = all.find((one) => keyOf(one) !== key && !space.disjoint(one.point, inSets));
    differences.push(
      `${path}: ${key}: the sets lack ${missing?.words ?? "none"}, and have ${added ? `${added.words}, which the machine gives ${keyOf(added)}` : "no other one"}`,
    );
  }
  return { fates: byFate.size, differences };
}
