import type { Scenario } from "../scenario.ts";
import { Dice } from "./dice.ts";
import { generateIpsetScenario, withSets } from "./ipsets/scenario.ts";
import { generateIpv6Scenario } from "./ipv6/scenario.ts";
import { generateScenario, type ScenarioOptions } from "./scenario.ts";

/** A scenario of either family: about a third of the seeds give IPv6, and some of both have sets. */
export function freshScenario(seed: string, options: ScenarioOptions = {}): Scenario {
  const dice = new Dice(`${seed} family`);
  const family = dice.maybe(0.33) ? "ipv6" : "ipv4";
  const generate = family === "ipv6" ? generateIpv6Scenario : generateScenario;
  const make = dice.weighed<() => Scenario>([
    [10, () => generate(seed, options)],
    [1, () => withSets(generate(seed, options))],
    [0.6, () => generateIpsetScenario(seed, family, options)],
  ]);
  return withoutHiddenDraws(make());
}

/**
 * An ICMP id may be drawn for the destination and again for the source; a copy that TEE makes between shows the first one,
 * which no list of connections has.
 */
function withoutHiddenDraws(scenario: Scenario): Scenario {
  if (!scenario.rules.includes("-j TEE")) return scenario;
  const rules = scenario.rules.replace(/^(.* -j (?:DNAT|REDIRECT)\b.*?) --random$/gm, "$1");
  return { ...scenario, rules };
}

/** The kinds of scenarios that are wanted; what is absent may be anything. */
export interface Kind {
  readonly family: string | undefined;
  readonly backend: string | undefined;
}

/** The first `count` of the scenarios `seed-1`, `seed-2`, … that are of a kind, by name. */
export function freshScenarios(seed: string, count: number, kind: Kind): ReadonlyMap<string, Scenario> {
  const found = new Map<string, Scenario>();
  for (let number = 1; found.size < count; number++) {
    const name = `${seed}-${number}`;
    const scenario = freshScenario(name);
    const { family = "ipv4", backend = "legacy" } = scenario;
    if ((kind.family ?? family) === family && (kind.backend ?? backend) === backend)
      found.set(name, scenario);
  }
  return found;
}
