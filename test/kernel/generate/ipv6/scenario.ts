import type { Scenario } from "../../scenario.ts";
import { Dice } from "../dice.ts";
import { interleave } from "../interleave.ts";
import { generateScenario, type ScenarioOptions } from "../scenario.ts";
import { sixRules } from "./rules.ts";
import { sixStep } from "./translate.ts";

/**
 * An IPv6 scenario: an IPv4 one put into IPv6's words, so that both families are asked the same things, with flows and
 * rules of IPv6's own in between.
 */
export function generateIpv6Scenario(seed: string, options: ScenarioOptions = {}): Scenario {
  const dice = new Dice(`${seed} ipv6`);
  const four = generateScenario(seed, options);
  return {
    seed,
    family: "ipv6",
    rules: sixRules(four.rules),
    ...(four.sysctl ? { sysctl: four.sysctl } : {}),
    packets: interleave(dice, [{ steps: four.packets.map(sixStep) }]),
  };
}
