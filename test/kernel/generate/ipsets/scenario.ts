import type { TableName } from "../../../../src/extensions/extension.ts";
import { builtinChains } from "../../../../src/model/hooks.ts";
import type { Family } from "../../../../src/packet/address.ts";
import type { Scenario } from "../../scenario.ts";
import { Dice } from "../dice.ts";
import { generateIpv6Scenario } from "../ipv6/scenario.ts";
import { generateScenario, type ScenarioOptions } from "../scenario.ts";
import { samplesOf } from "./samples.ts";
import { someSetMatch, someSetTarget } from "./set-rules.ts";
import { type MadeSet, someSets } from "./sets.ts";

/** Seconds behind which all short-lived entries are gone, and so many packets that none goes before. */
const wait = 5.5;
const mostPacketsOfWaiting = 16;

function tableText(dice: Dice, table: TableName, sets: readonly MadeSet[]): string {
  const hooks = builtinChains(table);
  const rules = hooks.flatMap((hook) => {
    const lines: string[] = [];
    for (let left = dice.between(3, 9); left > 0; left--) {
      const match = dice.maybe(0.85) ? ` ${someSetMatch(dice, dice.of(sets))}` : "";
      const second = dice.maybe(0.2) ? ` ${someSetMatch(dice, dice.of(sets))}` : "";
      const mark = dice.maybe(0.1) ? ` -m mark --mark ${dice.of(["1", "0x10/0xf0"])}` : "";
      const target = dice.maybe(0.3) ? ` ${someSetTarget(dice, sets, table, hook)}` : "";
      lines.push(`-A ${hook}${match}${second}${mark}${target}`);
    }
    return lines;
  });
  return [`*${table}`, ...hooks.map((hook) => `:${hook} ACCEPT [0:0]`), ...rules, "COMMIT", ""].join("\n");
}

/** A scenario whose rules ask and change sets that hold what its packets are. */
export function generateIpsetScenario(seed: string, family: Family, options: ScenarioOptions = {}): Scenario {
  const dice = new Dice(`${seed} ipsets`);
  const generate = family === "ipv4" ? generateScenario : generateIpv6Scenario;
  const base = generate(seed, { flows: 4, ...options });
  const samples = samplesOf(base);
  // flows of stumps and replies alone have nothing to put into a set
  if (samples.packets.length === 0) return generateIpsetScenario(`${seed} again`, family, options);
  const { sets, lines } = someSets(dice, samples);
  const tracking = dice.maybe(0.4) ? "*filter\n-A FORWARD -m conntrack --ctstate NEW\nCOMMIT\n" : "";
  const tables = dice.some<TableName>(["raw", "mangle", "filter"], 2);
  const { sysctl: _sysctl, backend: _backend, packets, ...rest } = base;
  const short = lines.some((line) => / timeout [34]\b/.test(line));
  const asked = short ? packets.slice(0, mostPacketsOfWaiting) : packets;
  const waits = short ? dice.below(asked.length) : -1;
  return {
    ...rest,
    sets: `${lines.join("\n")}\n`,
    rules:
      tracking +
      tables
        .filter((table) => tracking === "" || table !== "filter")
        .map((table) => tableText(dice, table, sets))
        .join(""),
    packets: asked.map(({ wait: _wait, ...packet }, index) =>
      index === waits ? { ...packet, wait } : packet,
    ),
  };
}

/** Such a scenario with sets and rules of its own, or as it is where its packets have nothing to put into a set. */
export function withSets(scenario: Scenario): Scenario {
  const dice = new Dice(`${scenario.seed} sets`);
  const samples = samplesOf(scenario);
  if (samples.packets.length === 0) return scenario;
  const { sets, lines } = someSets(dice, samples);
  return {
    ...scenario,
    sets: `${lines.filter(isLasting).join("\n")}\n`,
    rules: askingSets(dice, scenario.rules, sets),
  };
}

/** Entries that go while a scenario runs are left to those that wait for it. */
const isLasting = (line: string): boolean => !/ timeout [34]\b/.test(line);

/** Rules some of which ask sets on top, with others in between that change them. */
function askingSets(dice: Dice, rules: string, sets: readonly MadeSet[]): string {
  let table: TableName = "filter";
  return rules
    .split("\n")
    .flatMap((line) => {
      if (line.startsWith("*")) table = line.slice(1) as TableName;
      const [, chain, rest] = /^-A (\S+) ?(.*)$/.exec(line) ?? [];
      if (chain === undefined) return [line];
      const asked = dice.maybe(0.3) ? `-A ${chain} ${someSetMatch(dice, dice.of(sets))} ${rest}` : line;
      const hook = builtinChains(table).find((name) => name === chain);
      if (!hook || !dice.maybe(0.3)) return [asked];
      return [
        `-A ${chain} ${someSetMatch(dice, dice.of(sets))} ${someSetTarget(dice, sets, table, hook)}`,
        asked,
      ];
    })
    .join("\n");
}
