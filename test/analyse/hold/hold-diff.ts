import { analyse } from "../../../src/analyse/analyse.ts";
import { compareRulesets } from "../../../src/analyse/diff-compare.ts";
import { visibleFate } from "../../../src/analyse/diff-fates.ts";
import { replayWords } from "../../../src/analyse/witness/stage.ts";
import type { Backend } from "../../../src/model/hooks.ts";
import { parseRuleset } from "../../../src/model/parse-ruleset.ts";
import type { Ruleset } from "../../../src/model/ruleset.ts";
import type { Mutation } from "../mutations.ts";
import { packetsFor } from "../random-packets.ts";
import { type AimedPacket, packetsOf } from "./aimed-packets.ts";

/** How diff did on one mutation. */
export interface DiffHolding {
  /** A packet that the machine treats differently, found without diff. */
  readonly found: string | undefined;
  /** Groups that diff tells of; one of them has a packet that the machine treats differently. */
  readonly groups: number;
  readonly isShown: boolean;
  /** All groups hang on what sets cannot see, and say so. */
  readonly isOpen: boolean;
}

/** `undefined` where iptables would refuse the text. */
export function readIpv4(text: string): Ruleset | undefined {
  const { ruleset, diagnostics } = parseRuleset(text, { family: "ipv4" });
  return diagnostics.some(({ severity }) => severity === "error") ? undefined : ruleset;
}

/**
 * Compares a rule set with a mutation of it, and tries packets on the machine, which knows nothing of diff: ones that the
 * mutated rules' conditions hold for, and random ones.
 */
export function holdDiff(
  before: Ruleset,
  after: Ruleset,
  { text }: Mutation,
  options: {
    readonly now: number;
    readonly random: number;
    readonly seed: number;
    readonly backend?: Backend;
  },
): DiffHolding {
  const { now, backend } = options;
  const random = packetsFor(text, options.random, options.seed).map((words) => ({ words, at: now }));
  const found = [...aimedAtChange(before, after, now, backend), ...random].find(({ words, at }) => {
    const one = replayWords(words, before, at, { backend });
    const other = replayWords(words, after, at, { backend });
    return one !== undefined && other !== undefined && visibleFate(one) !== visibleFate(other);
  });
  const { groups, entries } = compareRulesets(before, after, { limit: 0, now, backend });
  return {
    found: found?.words,
    groups,
    isShown: entries.some(({ example }) => example?.confirmed),
    isOpen: groups > 0 && entries.every(({ hangsOn }) => hangsOn.length > 0),
  };
}

/** Packets for the rules that only one of the rule sets has. */
function aimedAtChange(
  before: Ruleset,
  after: Ruleset,
  now: number,
  backend?: Backend,
): readonly AimedPacket[] {
  return [
    [before, after],
    [after, before],
  ].flatMap(([own, other]) => {
    if (!own || !other) return [];
    const known = new Set(linesOf(other));
    const analysis = analyse(own, { backend });
    const lines = linesOf(own);
    return analysis
      .rules()
      .filter((_, index) => !known.has(lines[index] ?? ""))
      .slice(0, 4)
      .flatMap(({ conditions }) => packetsOf(analysis, conditions, now, 4));
  });
}

/** A text for each rule, in the order of an analysis' rules. */
const linesOf = ({ tables }: Ruleset): readonly string[] =>
  [...tables.values()].flatMap(({ name, chains }) =>
    [...chains.values()].flatMap((chain) =>
      chain.rules.map(({ origin }) => {
        const text = origin?.source.text.slice(origin.span.start, origin.span.end) ?? "";
        return `${name} ${chain.name} ${text}`;
      }),
    ),
  );
