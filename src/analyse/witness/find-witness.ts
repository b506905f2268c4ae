import type { Trace } from "../../evaluate/trace.ts";
import type { Ipsets } from "../../host/ipset/ipsets.ts";
import type { Analysis } from "../analysis.ts";
import type { StateName } from "../ct-variables.ts";
import type { PacketSet, PacketSpace } from "../packet-space.ts";
import type { Path } from "../path.ts";
import { interfaceNames } from "./interface-names.ts";
import { patternsOf } from "./patterns.ts";
import { type PickedPacket, pickPacket, type Taste } from "./pick-packet.ts";
import { type Played, Stage } from "./stage.ts";
import { assuming, type Story, storiesOf } from "./story.ts";

/** A packet of a set that the machine treated as was wanted. */
export interface Witness {
  readonly path: Path;
  readonly picked: PickedPacket;
  readonly story: Story;
  readonly played: Played;
}

export interface WitnessOptions {
  /** When packets are sent, in seconds since 1970. */
  readonly now: number;
  readonly sets?: Ipsets | undefined;
  /** Nothing but the packet itself: what conntrack says of it is assumed, not made. */
  readonly alone?: boolean;
}

/** Asked in this order: a new connection is the simplest story. */
const states: readonly StateName[] = ["NEW", "ESTABLISHED", "UNTRACKED", "INVALID", "RELATED"];

/** Finds packets of an analysis' sets and plays them on machines with its rule set. */
export class WitnessFinder {
  private readonly analysis: Analysis;
  private readonly options: WitnessOptions;
  private readonly taste: Omit<Taste, "now">;

  constructor(analysis: Analysis, options: WitnessOptions) {
    this.analysis = analysis;
    this.options = options;
    const { ruleset } = analysis;
    this.taste = { interfaces: interfaceNames(ruleset), patterns: patternsOf(ruleset) };
  }

  /**
   * A packet of the set, of those first that are in it whatever sets cannot see; it did what `holds` asks when it was played.
   * `stage` is a machine that other stories were played on, `now` the time that it has come to.
   */
  find(
    packets: PacketSet,
    path: Path,
    holds: (trace: Trace) => boolean,
    on?: { readonly stage: Stage | undefined; readonly now: number; readonly salt?: number },
  ): Witness | undefined {
    const { now } = on ?? this.options;
    const { space } = this.analysis;
    for (const picked of pickPackets(space, packets, path, { ...this.taste, ...on, now })) {
      for (const story of this.options.alone ? [assuming(picked)] : storiesOf(picked)) {
        for (const stage of this.stages(picked.at < now ? undefined : on?.stage, picked.at)) {
          const played = stage.play(story, picked.at, holds);
          if (played?.held) return { path, picked, story, played };
        }
      }
    }
    return undefined;
  }

  /** What other stories left behind may be in the way: a second try has a machine of its own. */
  private *stages(shared: Stage | undefined, at: number): Iterable<Stage> {
    if (shared) yield shared;
    const { ruleset, settings } = this.analysis;
    yield new Stage(ruleset, { ...this.options, backend: settings.backend, now: at });
  }
}

/** Packets of a set to try: ones that are in it whatever sets cannot see come first. */
export function* pickPackets(
  space: PacketSpace,
  packets: PacketSet,
  path: Path,
  taste: Taste,
): Iterable<PickedPacket> {
  for (const set of new Set([space.definitely(packets), packets])) {
    if (set === 0) continue;
    for (const state of states) {
      const picked = pickPacket(space, set, path, state, taste);
      if (picked) yield picked;
    }
  }
}
