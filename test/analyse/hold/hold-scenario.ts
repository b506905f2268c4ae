import { analyse } from "../../../src/analyse/analyse.ts";
import type { Analysis } from "../../../src/analyse/analysis.ts";
import type { FreeVariable } from "../../../src/analyse/free-variables.ts";
import { paths } from "../../../src/analyse/path.ts";
import { Machine } from "../../../src/evaluate/machine.ts";
import { parseRuleset } from "../../../src/model/parse-ruleset.ts";
import type { Scenario } from "../../kernel/scenario.ts";
import { fieldsAsked } from "./fields-asked.ts";
import { holdSets } from "./hold-sets.ts";
import type { Answered } from "./one-packet.ts";
import { recordedHost, runScenario } from "./run-scenario.ts";
import { watched } from "./watched-ruleset.ts";

/** What came of a scenario: packets that the sets were held to, those that they say nothing of, by reason, and contradictions. */
export interface ScenarioHolding {
  readonly held: number;
  readonly beyond: ReadonlyMap<string, number>;
  readonly contradictions: readonly string[];
}

const start = 1767225600;

/** Holds the sets of a scenario's rules to all that the machine does with the scenario's packets. */
export function holdScenario(scenario: Scenario): ScenarioHolding {
  const { family = "ipv4", backend = "legacy" } = scenario;
  const { ruleset: written } = parseRuleset(scenario.rules, { family, filename: "rules" });
  let opaque: readonly Answered[] = [];
  let pure: readonly FreeVariable[] = [];
  const watch = watched(written, (context) => {
    opaque = pure.map(({ level, test }) => ({ level, value: test?.(context) ?? false }));
  });
  const { ruleset } = watch;
  const machine = new Machine(ruleset, { host: recordedHost(family), now: start, backend });
  const analysis = analyse(ruleset, { backend });
  pure = pureVariables(analysis);
  const asked = fieldsAsked(ruleset);
  const beyond = new Map<string, number>();
  const contradictions: string[] = [];
  let held = 0;
  let index = 0;
  runScenario(scenario, machine, start, (send) => {
    watch.forget();
    opaque = [];
    const trace = send();
    const holding = holdSets(analysis, { trace, ...watch.seen, opaque }, asked);
    contradictions.push(...holding.contradictions.map((text) => `${scenario.seed} packet ${index}: ${text}`));
    if (holding.beyond === undefined) held++;
    else beyond.set(holding.beyond, (beyond.get(holding.beyond) ?? 0) + 1);
    index++;
  });
  return { held, beyond, contradictions };
}

/** The free variables of functions that are known and have no memory: what they say of a packet can be asked. */
function pureVariables(analysis: Analysis): readonly FreeVariable[] {
  const { space } = analysis;
  const sets = [
    ...paths.flatMap((path) => analysis.path(path).regions.map(({ packets }) => packets)),
    ...analysis.rules().map(({ matched }) => matched),
  ];
  const all = sets.flatMap((set) => space.freeOf(set)).filter(({ test }) => test !== undefined);
  return [...new Map(all.map((variable) => [variable.level, variable])).values()].filter(
    ({ name }) => !name.startsWith("probe "),
  );
}
