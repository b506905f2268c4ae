import type { Analysis, PacketSet, RuleReach } from "../../../src/analyse/analysis.ts";
import { paths } from "../../../src/analyse/path.ts";
import { pickPackets } from "../../../src/analyse/witness/find-witness.ts";
import { interfaceNames } from "../../../src/analyse/witness/interface-names.ts";
import { patternsOf } from "../../../src/analyse/witness/patterns.ts";
import { assuming } from "../../../src/analyse/witness/story.ts";

/** A packet in words, and when it is sent. */
export interface AimedPacket {
  readonly words: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Packets of a set on each path, at most `most` on each. */
export function packetsOf(
  analysis: Analysis,
  set: PacketSet,
  now: number,
  most: number,
): readonly AimedPacket[] {
  const { space, ruleset } = analysis;
  const taste = { interfaces: interfaceNames(ruleset), patterns: patternsOf(ruleset), now };
  return paths.flatMap((path) => {
    const packets: AimedPacket[] = [];
    for (const picked of pickPackets(space, space.and(set, space.domain(path)), path, taste)) {
      // who is untracked, the rules say: told to be so, a packet would be what none can be
      packets.push({ words: assuming(picked).words.replace(/ --ctstate UNTRACKED$/, ""), at: picked.at });
      if (packets.length === most) break;
    }
    return packets;
  });
}

/** Packets that a rule matches; where the sets say that there is none, packets that its own conditions hold for. */
export function packetsAimedAt(
  analysis: Analysis,
  reach: RuleReach,
  now: number,
  most: number,
): readonly AimedPacket[] {
  const set = reach.isMatched ? reach.matched : reach.conditions;
  return packetsOf(analysis, set, now, most);
}
