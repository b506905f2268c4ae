import type { TableName } from "../../../../src/extensions/extension.ts";
import { builtinChains } from "../../../../src/model/hooks.ts";
import type { Family } from "../../../../src/packet/address.ts";
import type { Hook } from "../../../../src/packet/context.ts";
import type { Scenario } from "../../scenario.ts";
import { Dice } from "../dice.ts";
import { generateIpv6Scenario } from "../ipv6/scenario.ts";
import { generateScenario } from "../scenario.ts";
import { samplesOf } from "./samples.ts";
import { type MadeSet, someSets } from "./sets.ts";

/** Seconds behind which all short-lived entries are gone, and so many packets that none goes before. */
const wait = 5.5;
const mostPacketsOfWaiting = 16;

const directions = (dice: Dice, set: MadeSet): string => {
  const count = dice.maybe(0.1) ? dice.between(1, 4) : set.dimension;
  return Array.from({ length: count }, () => dice.of(["src", "dst"])).join(",");
};

function someMatch(dice: Dice, set: MadeSet): string {
  const counter = (what: string) =>
    `${dice.of(["", "", "! "])}--${what}-eq ${dice.below(3)}`.replace(/^(! )?(.*)-eq/, (whole) =>
      dice.maybe(0.6) ? `--${what}-${dice.of(["lt", "gt"])}` : whole,
    );
  return [
    `-m set ${dice.maybe(0.15) ? "! " : ""}--match-set ${set.name} ${directions(dice, set)}`,
    dice.maybe(0.15) ? " --return-nomatch" : "",
    dice.maybe(0.15) ? " ! --update-counters" : "",
    dice.maybe(0.1) ? " ! --update-subcounters" : "",
    dice.maybe(set.counters ? 0.4 : 0.05) ? ` ${counter("packets")}` : "",
    dice.maybe(set.counters ? 0.1 : 0) ? ` ${counter("bytes")}` : "",
  ].join("");
}

function someTarget(dice: Dice, sets: readonly MadeSet[], table: TableName, hook: Hook): string {
  const named = () => {
    const set = dice.of(sets);
    return `${set.name} ${directions(dice, set)}`;
  };
  const late = hook === "FORWARD" || hook === "OUTPUT" || hook === "POSTROUTING";
  const map = `--map-set ${named()} --map-mark${late && dice.maybe(0.4) ? " --map-prio" : ""}`;
  const add = `--add-set ${named()}${dice.maybe(0.4) ? " --exist" : ""}${dice.maybe(0.3) ? ` --timeout ${dice.of([0, 3, 50])}` : ""}`;
  return dice.weighed([
    [3, `-j SET ${add}`],
    [2, `-j SET --del-set ${named()}`],
    [1, `-j SET ${add} --del-set ${named()}`],
    [table === "mangle" ? 4 : 0, `-j SET ${map}`],
  ]);
}

function tableText(dice: Dice, table: TableName, sets: readonly MadeSet[]): string {
  const hooks = builtinChains(table);
  const rules = hooks.flatMap((hook) => {
    const lines: string[] = [];
    for (let left = dice.between(3, 9); left > 0; left--) {
      const match = dice.maybe(0.85) ? ` ${someMatch(dice, dice.of(sets))}` : "";
      const second = dice.maybe(0.2) ? ` ${someMatch(dice, dice.of(sets))}` : "";
      const mark = dice.maybe(0.1) ? ` -m mark --mark ${dice.of(["1", "0x10/0xf0"])}` : "";
      const target = dice.maybe(0.3) ? ` ${someTarget(dice, sets, table, hook)}` : "";
      lines.push(`-A ${hook}${match}${second}${mark}${target}`);
    }
    return lines;
  });
  return [`*${table}`, ...hooks.map((hook) => `:${hook} ACCEPT [0:0]`), ...rules, "COMMIT", ""].join("\n");
}

/** A scenario whose rules ask and change sets that hold what its packets are. */
export function generateIpsetScenario(seed: string, family: Family): Scenario {
  const dice = new Dice(`${seed} ipsets`);
  const generate = family === "ipv4" ? generateScenario : generateIpv6Scenario;
  const base = generate(seed, { flows: 4 });
  const samples = samplesOf(base);
  // flows of stumps and replies alone have nothing to put into a set
  if (samples.packets.length === 0) return generateIpsetScenario(`${seed} again`, family);
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
