import type { TableName } from "../../../../src/extensions/extension.ts";
import { builtinChains } from "../../../../src/model/hooks.ts";
import type { Hook } from "../../../../src/packet/context.ts";
import type { Dice } from "../dice.ts";
import { ruleSpec } from "./rule-spec.ts";
import type { Sight } from "./sight.ts";
import { someTarget } from "./targets.ts";

const tables: readonly (readonly [probability: number, table: TableName])[] = [
  [0.35, "raw"],
  [0.4, "mangle"],
  [0.6, "nat"],
  [0.9, "filter"],
  [0.2, "security"],
];

/** The tables asked for and some others; at least one. */
function someTables(dice: Dice, always: readonly TableName[]): TableName[] {
  const some = tables.filter(([probability, table]) => dice.maybe(probability) || always.includes(table));
  return some.length > 0 ? some.map(([, table]) => table) : ["filter"];
}

/** Rules for some tables as iptables-restore text, aimed at what the sights are of. */
export const someRuleset = (dice: Dice, sights: readonly Sight[], always: readonly TableName[]): string =>
  someTables(dice, always)
    .map((table) => tableText(dice, table, sights))
    .join("");

function tableText(dice: Dice, table: TableName, sights: readonly Sight[]): string {
  const hooks = builtinChains(table);
  const policy = () => (table !== "nat" && dice.maybe(0.06) ? "DROP" : "ACCEPT");
  const declared = hooks.map((hook) => `:${hook} ${policy()} [0:0]`);
  const userChains: string[] = [];
  const rules: string[] = [];
  for (const hook of hooks) {
    const seen = sights.filter((sight) => sight.hook === hook);
    // a hook that no flow passes gets few rules, so that most rules are hit
    const size = seen.length === 0 ? dice.below(2) : dice.between(1, 6);
    const chains =
      seen.length === 0 ? [] : Array.from({ length: dice.below(3) }, (_, i) => `${hook.toLowerCase()}_${i}`);
    userChains.push(...chains);
    for (const [index, chain] of [hook, ...chains].entries()) {
      const site = { table, hook, below: chains.slice(index) };
      const count = index === 0 ? size : dice.between(1, 3);
      rules.push(...chainRules(dice, chain, site, seen.length === 0 ? sights : seen, count));
    }
  }
  const lines = [...declared, ...userChains.map((chain) => `:${chain} - [0:0]`), ...rules];
  return `*${table}\n${lines.join("\n")}\nCOMMIT\n`;
}

interface ChainSite {
  readonly table: TableName;
  readonly hook: Hook;
  /** Chains that this one may call: later ones only, so that there is no loop. */
  readonly below: readonly string[];
}

function chainRules(
  dice: Dice,
  chain: string,
  site: ChainSite,
  sights: readonly Sight[],
  count: number,
): string[] {
  const { table, hook, below } = site;
  const rules = Array.from({ length: count }, () => {
    const conditions = dice.weighed([
      [1, 0],
      [5, 1],
      [5, 2],
      [1.5, 3],
      [0.5, 4],
    ] as const);
    const sight = { ...dice.of(sights), hook };
    const { text, protocol } = ruleSpec(dice, table, validAt(sight), conditions);
    const target = someTarget(dice, { table, hook, protocol, chains: below, conditions });
    const words = ["-A", chain];
    // TCPMSS brings its own flags: iptables-nft-save lists one `-m tcp` of two
    const rest = target.startsWith("--tcp-flags")
      ? text.replace(/(?:! )?--(?:syn|tcp-flags \S+ \S+)/, "")
      : text;
    const arrives = hook === "PREROUTING" || hook === "INPUT";
    const conditioned = target.startsWith("-j TEE") && arrives ? fromOutside(rest) : rest;
    return [...words, conditioned, target].filter(Boolean).join(" ");
  });
  // each chain below is called at least once from here, mostly
  if (below.length > 0 && dice.maybe(0.8))
    rules.splice(dice.below(rules.length + 1), 0, `-A ${chain} -j ${below[0]}`);
  return rules;
}

/**
 * The conditions, for packets only that came in from outside: copies that come back, over loopback or as a group's member,
 * would be copied again and again.
 */
function fromOutside(conditions: string): string {
  const device = /(?:^| )(! )?-i (\S+)/.exec(conditions);
  const isOutside = device && device[1] === undefined && device[2] !== "lo" && device[2] !== "+";
  const rest = isOutside || !device ? conditions : conditions.replace(device[0], "").trim();
  return [isOutside ? "" : "! -i lo", "-m pkttype --pkt-type unicast", rest].filter(Boolean).join(" ");
}

/** Without what the hook does not have: iptables refuses `-i` in OUTPUT. */
function validAt(sight: Sight): Sight {
  const noIn = sight.hook === "OUTPUT" || sight.hook === "POSTROUTING";
  const noOut = sight.hook === "PREROUTING" || sight.hook === "INPUT";
  return {
    ...sight,
    inDevice: noIn ? undefined : sight.inDevice,
    outDevice: noOut ? undefined : sight.outDevice,
  };
}
