import type { Scenario } from "../scenario.ts";
import { Dice } from "./dice.ts";
import { generateIpv6Scenario } from "./ipv6/scenario.ts";
import { generateScenario } from "./scenario.ts";

/** A scenario of either family: about a third of the seeds give IPv6. */
export const freshScenario = (seed: string): Scenario =>
  new Dice(`${seed} family`).maybe(0.33) ? generateIpv6Scenario(seed) : generateScenario(seed);
