import { expect } from "chai";
import { SetsTooLarge } from "../../src/analyse/sets-too-large.ts";
import { Dice } from "../kernel/generate/dice.ts";
import { freshScenario } from "../kernel/generate/fresh-scenario.ts";
import type { Scenario } from "../kernel/scenario.ts";
import { holdScenario, type ScenarioHolding } from "./hold/hold-scenario.ts";

/**
 * Packet sets against the machine, on the kernel tests' scenarios: rules of all tables aimed at flows that are delivered,
 * forwarded and sent, first packets and later ones. What the machine does, the sets must not call impossible; what they
 * call certain, it must do: fate, deciding rule, every rule that matches, NAT's result, mark and TOS.
 *
 * SETS_SEED and SETS_SCENARIOS ask other scenarios, and more: `SETS_SEED=any SETS_SCENARIOS=300 npx mocha …`.
 */
const seed = process.env["SETS_SEED"] ?? "sets";
const scenarios = Number(process.env["SETS_SCENARIOS"] ?? 24);
/** The share of a scenario's rules that is kept: dozens of rules that all rewrite have no small diagrams. */
const share = 0.35;

function thinned(scenario: Scenario): Scenario {
  const dice = new Dice(`${scenario.seed} thin`);
  const rules = scenario.rules.split("\n").filter((line) => !line.startsWith("-A ") || dice.maybe(share));
  return { ...scenario, rules: rules.join("\n") };
}

/** `undefined` where the analysis gives up, and so says nothing that could be wrong. */
function holdUnlessTooLarge(scenario: Scenario): ScenarioHolding | undefined {
  try {
    return holdScenario(scenario);
  } catch (error) {
    if (error instanceof SetsTooLarge) return undefined;
    throw error;
  }
}

describe(`packet sets against the machine, ${scenarios} scenarios of seed ${seed}`, () => {
  let held = 0;
  let beyond = 0;
  for (let number = 1; number <= scenarios; number++) {
    it(`agree on ${seed}-${number}`, function () {
      const holding = holdUnlessTooLarge(thinned(freshScenario(`${seed}-${number}`)));
      if (!holding) return this.skip();
      held += holding.held;
      for (const count of holding.beyond.values()) beyond += count;
      expect(holding.contradictions).to.deep.equal([]);
    });
  }

  it("say something of most packets", () => {
    expect(held).to.be.above(3 * beyond);
  });
});
