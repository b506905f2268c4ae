import { expect } from "chai";
import { compile } from "../../src/formula/compile.ts";
import type { Formula } from "../../src/formula/formula.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { ruleFormula, siteOf } from "../../src/model/rule-formula.ts";
import { type Context, hooks, type World } from "../../src/packet/context.ts";
import { fields } from "../../src/packet/fields.ts";
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

/** What a rule, given as behind `-A CHAIN`, changes of a packet to a group's MAC while it is asked: the names of fields. */
export function changesOfPacket(rule: string, place: Place, words: string): readonly string[] {
  const context = { ...contextOf(words, place), world: { ...world, assume: () => {} } };
  context.packet.packetType = "multicast";
  const known = Object.values(fields);
  const before = known.map((field) => field.read(context));
  compile(formulaOf(rule, place), context.world)(context);
  return known.filter((field, index) => field.read(context) !== before[index]).map(({ name }) => name);
}

/** Whether a rule, given as behind `-A CHAIN`, matches a packet, given in iptables' words. */
export function matchesPacket(rule: string, place: Place, words: string): boolean {
  return compile(formulaOf(rule, place), world)(contextOf(words, place));
}

function formulaOf(rule: string, place: Place): Formula {
  const { table, chain, family } = place;
  const program = family === "ipv4" ? "iptables" : "ip6tables";
  const { ruleset } = parseRuleset(`${program} -t ${table} -A ${chain} ${rule}\n`, { family });
  const bound = ruleset.tables.get(table)?.chains.get(chain)?.rules[0];
  if (!bound) throw new Error(`the rule is refused: ${rule}`);
  return ruleFormula(bound, siteOf(family, table, bound.spec));
}
