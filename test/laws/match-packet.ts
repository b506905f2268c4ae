import { expect } from "chai";
import { compile } from "../../src/formula/compile.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { ruleFormula, siteOf } from "../../src/model/rule-formula.ts";
import { type Context, hooks, type World } from "../../src/packet/context.ts";
import { Packet } from "../../src/packet/packet.ts";
import type { Place } from "./save-line.ts";

/** A host that knows nothing, on 2026-11-20, a Friday, 12:00 UTC. */
const world: World = {
  now: Date.UTC(2026, 10, 20, 12) / 1000,
  timeZoneMinutes: 0,
  addressType: () => "UNICAST",
  shared: (_, make) => make(),
  connections: { find: () => undefined },
  random: () => 0.5,
  chance: (probability) => 0.5 < probability,
  assume: (text) => expect.fail(`assumed: ${text}`),
};

function contextOf(words: string, { chain, family }: Place): Context {
  const { value, diagnostics } = composePacket(words, family);
  if (!value) throw new Error(`no packet: ${diagnostics.map(({ message }) => message).join("; ")}`);
  const ethernet = new Uint8Array(14);
  if (value.macSource) ethernet.set(value.macSource, 6);
  const packet = new Packet(value.bytes, value.inDevice === undefined ? undefined : ethernet);
  packet.mark = value.mark;
  packet.owner = value.owner;
  packet.told = value.told;
  const hook = hooks.find((name) => name === chain) ?? "INPUT";
  return {
    packet,
    hook,
    inDevice: value.inDevice,
    outDevice: value.outDevice,
    world,
    hotdrop: false,
  };
}

/** Whether a rule, given as behind `-A CHAIN`, matches a packet, given in iptables' words. */
export function matchesPacket(rule: string, place: Place, words: string): boolean {
  const { table, chain, family } = place;
  const program = family === "ipv4" ? "iptables" : "ip6tables";
  const { ruleset } = parseRuleset(`${program} -t ${table} -A ${chain} ${rule}\n`, { family });
  const bound = ruleset.tables.get(table)?.chains.get(chain)?.rules[0];
  if (!bound) throw new Error(`the rule is refused: ${rule}`);
  const formula = ruleFormula(bound, siteOf(family, table, bound.spec));
  return compile(formula, world)(contextOf(words, place));
}
