import type { Args, OptionTable, Site, TableName } from "../extensions/extension.ts";
import { and, equals, type Formula, inNetwork, invertIf, never, unknown } from "../formula/formula.ts";
import type { Family } from "../packet/address.ts";
import type { Hook } from "../packet/context.ts";
import { fields } from "../packet/fields.ts";
import { type Backend, builtinChains } from "./hooks.ts";
import { type KernelNeeds, kernelNeed, noNeeds } from "./kernel-needs.ts";
import { nativeFormula } from "./native-match.ts";
import type { BoundArgs, MatchUse, Rule, RuleConditions, RuleSpec, Ruleset } from "./ruleset.ts";

/** Where a rule stands, and who reads it: `legacy` unless told. */
export interface RuleSite extends Site {
  readonly backend?: Backend | undefined;
}

/** The options that a rule really has are the ones its extension declares: `bind` saw to it. */
export const argsOf = (args: BoundArgs): Args<OptionTable> => args as Args<OptionTable>;

/** Where a rule of this chain stands; `hooks` are those that reach the chain, all of the table's where unknown. */
export const siteOf = (
  family: Family,
  table: TableName,
  spec: RuleSpec,
  hooks: readonly Hook[] = builtinChains(table),
): Site => ({ family, table, hooks, protocol: spec.protocol });

/** One condition of a rule: a part of its own specification, or a whole match. */
export interface Condition {
  readonly match: MatchUse | undefined;
  readonly formula: Formula;
}

/**
 * What a rule asks of a packet, in the order in which the kernel asks it: addresses, interfaces, protocol and fragment
 * (ip_packet_match, net/ipv4/netfilter/ip_tables.c), then the matches as they stand.
 */
export function conditionsOf(rule: RuleConditions, site: RuleSite): readonly Condition[] {
  return [
    ...specFormulas(rule.spec).map((formula) => ({ match: undefined, formula })),
    ...rule.matches.map((match) => ({ match, formula: matchFormula(match, site) })),
  ];
}

/** The whole rule as one formula. */
export const ruleFormula = (rule: Rule, site: RuleSite): Formula =>
  and(...conditionsOf(rule, site).map((condition) => condition.formula));

/** The rule's own conditions, the protocol and `-f` last. */
export function specFormulas(spec: RuleSpec): Formula[] {
  const parts: Formula[] = [];
  const { source, destination, inInterface, outInterface, protocol, fragment } = spec;
  if (source)
    parts.push(invertIf(source.inverted, inNetwork("source", source.value.address, source.value.mask)));
  if (destination) {
    const { address, mask } = destination.value;
    parts.push(invertIf(destination.inverted, inNetwork("destination", address, mask)));
  }
  if (inInterface) parts.push(invertIf(inInterface.inverted, device("inDevice", inInterface.value)));
  if (outInterface) parts.push(invertIf(outInterface.inverted, device("outDevice", outInterface.value)));
  if (protocol && protocol.value !== 0) {
    // a number beyond the header's 8 bits (mptcp) is no packet's
    const own = protocol.value > 255 ? never : equals(fields.protocol, protocol.value);
    parts.push(invertIf(protocol.inverted, own));
  }
  if (fragment) parts.push(invertIf(!fragment.inverted, equals(fields.fragmentOffset, 0)));
  return parts;
}

function device(field: "inDevice" | "outDevice", name: string): Formula {
  const prefix = name.endsWith("+");
  return { kind: "device", field, name: prefix ? name.slice(0, -1) : name, prefix };
}

/** What one match asks. */
export const matchFormula = (use: MatchUse, site: RuleSite): Formula =>
  site.backend === "nft" ? nativeFormula(use, (kept) => meaningOf(kept, site)) : meaningOf(use, site);

function meaningOf(use: MatchUse, site: Site): Formula {
  if (use.kind === "known") return use.match.meaning(argsOf(use.args), site);
  return unknown(
    `match \`${["-m", use.name, ...use.words].join(" ")}\` is not modelled; taken as not matching`,
  );
}

/** Whether a rule's match or target makes the kernel turn connection tracking on. */
export const needsConntrack = ({ needs }: Rule): boolean => (needs & kernelNeed.conntrack) !== 0;

/** Whether any rule of the set does. */
export const tracksConnections = (ruleset: Ruleset): boolean =>
  (needsOf(ruleset) & kernelNeed.conntrack) !== 0;

/** What the kernel sets up for all rules together. */
export function needsOf({ tables }: Ruleset): KernelNeeds {
  let needs = noNeeds;
  for (const { chains } of tables.values()) {
    for (const { rules } of chains.values()) for (const rule of rules) needs |= rule.needs;
  }
  return needs;
}
