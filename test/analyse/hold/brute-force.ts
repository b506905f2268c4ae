import { analyse } from "../../../src/analyse/analyse.ts";
import type { Analysis, Path, Region } from "../../../src/analyse/analysis.ts";
import type { PacketSet } from "../../../src/analyse/packet-space.ts";
import { paths } from "../../../src/analyse/path.ts";
import { Machine } from "../../../src/evaluate/machine.ts";
import type { Trace } from "../../../src/evaluate/trace.ts";
import { and, equals } from "../../../src/formula/formula.ts";
import { composePacket } from "../../../src/model/packet-words.ts";
import { parseRuleset } from "../../../src/model/parse-ruleset.ts";
import type { Address } from "../../../src/packet/address.ts";
import { buildFrame } from "../../../src/packet/ethernet.ts";
import { type Field, fields } from "../../../src/packet/fields.ts";
import { fieldsAsked } from "./fields-asked.ts";
import { finalFields } from "./final-fields.ts";
import { isHostsWord, machinesWord, pathOf, regionsWord } from "./hold-sets.ts";
import { onlyPacket } from "./one-packet.ts";
import { smallHost, smallWorld } from "./small-world.ts";
import type { Snapshot } from "./snapshot.ts";
import { watched } from "./watched-ruleset.ts";

/** What the machine did with one packet on one path. */
interface Seen {
  readonly words: string;
  readonly point: PacketSet;
  /** Who decided what. */
  readonly word: string;
  /** What the packet and its connection are at the end; empty for one that was not accepted. */
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
export function bruteForce(text: string): BruteForce | undefined {
  const { ruleset: written, diagnostics } = parseRuleset(text, { family: "ipv4", filename: "rules" });
  if (diagnostics.some(({ severity }) => severity === "error")) return undefined;
  const watch = watched(written);
  const { ruleset } = watch;
  const analysis = analyse(ruleset);
  const asked = fieldsAsked(ruleset);
  const all = new Map<Path, Seen[]>(paths.map((path) => [path, []]));
  let packets = 0;
  for (const words of smallWorld) {
    watch.forget();
    const machine = new Machine(ruleset, { host: smallHost, now: start });
    const trace = run(machine, words);
    const { entering, tracked } = watch.seen;
    if (!entering || isHostsWord(trace.fate)) continue;
    packets++;
    const known = pathOf(trace);
    const [hook] = trace.events.filter((event) => event.kind === "hook");
    const inDevice = hook?.kind === "hook" ? hook.inDevice : undefined;
    // what ends before it is routed has no path yet: it may be on either
    for (const path of known ? [known] : (["INPUT", "FORWARD"] as const)) {
      const outDevice = path === "INPUT" ? undefined : "eth1";
      const sighting = { family: "ipv4", entering, tracked, inDevice, outDevice, opaque: [] } as const;
      const one = onlyPacket(analysis.space, sighting, asked);
      all.get(path)?.push({
        words,
        point: analysis.space.and(one, analysis.space.domain(path)),
        word: machinesWord(trace.fate, path),
        results: resultsOf(trace, machine, entering),
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

function run(machine: Machine, words: string): Trace {
  const { value } = composePacket(words, "ipv4");
  if (!value) throw new Error(`${words} is no packet`);
  const { bytes, inDevice, mark, owner } = value;
  const options = { mark, ...(owner ? { owner } : {}) };
  if (inDevice === undefined) return machine.send(bytes, start + 1, options);
  const mac = smallHost.interfaces.get(inDevice)?.mac ?? new Uint8Array(6);
  const frame = buildFrame(mac, Uint8Array.of(2, 0, 0, 0, 0, 0xfe), bytes);
  return machine.receive(inDevice, frame, start + 1, options);
}

function resultsOf(trace: Trace, machine: Machine, entering: Snapshot): ReadonlyMap<Field, Address> {
  if (trace.fate.verdict !== "ACCEPT") return new Map();
  const results = new Map(finalFields(trace, "ipv4"));
  results.set(fields.protocol, entering.get(fields.protocol) ?? 0);
  if (!results.has(fields.mark)) results.set(fields.mark, entering.get(fields.mark) ?? 0);
  const [connmark] = machine.conntrack().flatMap((line) => / mark=(\d+)/.exec(line)?.[1] ?? []);
  if (connmark !== undefined) results.set(fields.ctmark, Number(connmark));
  return results;
}

const keyOf = ({ word, results }: Pick<Seen, "word" | "results">): string =>
  [word, ...[...results].map(([field, value]) => `${field.name} ${value}`).sort()].join(", ");

/** The packets of the region that are so at their end. */
function withResults(analysis: Analysis, { packets, view }: Region, results: Seen["results"]): PacketSet {
  const { space } = analysis;
  const formula = and(...[...results].map(([field, value]) => equals(field, value)));
  // at its end a packet lacks nothing that it had
  return space.and(packets, space.set(formula, view.lacking(new Set())));
}

function compare(
  analysis: Analysis,
  path: Path,
  all: readonly Seen[],
): Pick<BruteForce, "fates" | "differences"> {
  const { space } = analysis;
  const world = space.or(...all.map(({ point }) => point));
  const regions = analysis.path(path, world).regions;
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
        .map((region) => space.and(world, withResults(analysis, region, results))),
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
