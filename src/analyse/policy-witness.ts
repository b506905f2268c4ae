import type { Analysis, PacketSet, Path } from "./analysis.ts";
import { interfaceNames, packetWords } from "./diff-witness.ts";
import type { Counterexample } from "./policy-check.ts";
import { replayWords } from "./policy-replay.ts";

/** A packet of the set, as the machine runs it; `undefined` where none can be written in words. */
export function exemplify(
  packets: PacketSet,
  path: Path,
  { space, ruleset }: Analysis,
  now: number,
): Counterexample | undefined {
  const words = packetWords(space, packets, path, interfaceNames(ruleset));
  const trace = words === undefined ? undefined : replayWords(words, ruleset, now);
  return words === undefined || trace === undefined ? undefined : { words, trace };
}
