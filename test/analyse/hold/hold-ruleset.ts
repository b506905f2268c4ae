import { analyse } from "../../../src/analyse/analyse.ts";
import { replayWords } from "../../../src/analyse/witness/stage.ts";
import type { Backend } from "../../../src/model/hooks.ts";
import { parseRuleset } from "../../../src/model/parse-ruleset.ts";
import type { Family } from "../../../src/packet/address.ts";
import { Dice } from "../../kernel/generate/dice.ts";
import { packetsFor } from "../random-packets.ts";
import { type AimedPacket, packetsAimedAt } from "./aimed-packets.ts";
import { fieldsAsked } from "./fields-asked.ts";
import type { ScenarioHolding } from "./hold-scenario.ts";
import { holdSets } from "./hold-sets.ts";
import { watched } from "./watched-ruleset.ts";

export interface RulesetHoldingOptions {
  readonly name: string;
  readonly family: Family;
  readonly backend?: Backend;
  /** Seconds since 1970. */
  readonly now: number;
  /** Rules that packets are aimed at; of more, so many are drawn. */
  readonly mostRules: number;
  /** Only the rules `from` to `to`, counted from 0 and without the last: what all rules of a large set make outgrows one analysis. */
  readonly part?: readonly [from: number, to: number];
  /** Packets for each rule, path and state. */
  readonly packetsEach: number;
  /** Packets made of the text's addresses, ports and interfaces. */
  readonly random: number;
}

/**
 * Holds the sets of one rule set to the machine: a witness for each rule that the sets call reachable, packets aimed at the
 * conditions of those that they call dead, and random ones. Each packet has a machine of its own.
 */
export function holdRuleset(text: string, options: RulesetHoldingOptions): ScenarioHolding {
  const { name, family, backend, now } = options;
  const { ruleset: written } = parseRuleset(text, { family, filename: name });
  const watch = watched(written);
  const { ruleset } = watch;
  const analysis = analyse(ruleset, { backend });
  const asked = fieldsAsked(ruleset);
  const beyond = new Map<string, number>();
  const contradictions: string[] = [];
  let held = 0;
  const reaches = new Dice(`${name} rules`).some(
    analysis.rules().slice(...(options.part ?? [])),
    options.mostRules,
  );
  const aimed = reaches.flatMap((reach) => packetsAimedAt(analysis, reach, now, options.packetsEach));
  const random: readonly AimedPacket[] =
    family === "ipv4" ? packetsFor(text, options.random, 7).map((words) => ({ words, at: now })) : [];
  for (const { words, at } of [...aimed, ...random]) {
    watch.forget();
    const trace = replayWords(words, ruleset, at, { backend });
    if (!trace) continue;
    const run = { trace, ...watch.seen, opaque: [] };
    const { contradictions: found, beyond: why } = holdSets(analysis, run, asked);
    contradictions.push(...found.map((one) => `${name}: ${words}: ${one}`));
    if (why === undefined) held++;
    else beyond.set(why, (beyond.get(why) ?? 0) + 1);
  }
  return { held, beyond, contradictions };
}
