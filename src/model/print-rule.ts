import type { AddressMask } from "../arg-types/address-mask.ts";
import type { ArgSite } from "../arg-types/arg-type.ts";
import type { Arg, OptionSpec, OptionTable } from "../extensions/extension.ts";
import { type Family, prefixLength, printAddress } from "../packet/address.ts";
import { protocolName } from "../packet/protocols.ts";
import { keptOptions } from "./extension-use.ts";
import type { BoundArgs, Counters, MatchUse, Rule, RuleSpec, TargetUse } from "./ruleset.ts";
import { SavedRule } from "./saved-rule.ts";

/** `[packets:bytes]` as iptables-save writes them. */
export const printCounters = ({ packets, bytes }: Counters): string => `[${packets}:${bytes}]`;

const argSite = (spec: RuleSpec, family: Family): ArgSite => ({
  family,
  protocol: spec.protocol?.inverted ? undefined : spec.protocol?.value,
});

const bang = (inverted: boolean): string => (inverted ? "! " : "");

/** `192.0.2.0/24`, or the mask in full where it has no length. */
export const printAddressMask = ({ address, mask }: AddressMask): string =>
  `${printAddress(address)}/${prefixLength(mask) ?? printAddress(mask)}`;

const printNetwork = (option: string, end: RuleSpec["source"]): string =>
  end === undefined ? "" : `${bang(end.inverted)}${option} ${printAddressMask(end.value)}`;

function printInterface(option: string, name: RuleSpec["inInterface"]): string {
  // `+` alone is left out, even where it is inverted (iptables 1.8.9, save_iface)
  if (name === undefined || name.value === "+") return "";
  return `${bang(name.inverted)}${option} ${name.value}`;
}

/** A rule's own conditions in iptables-save's order, one text each: `! -s 10.0.0.0/8`. */
export function printSpec(spec: RuleSpec): readonly string[] {
  const { protocol, fragment } = spec;
  return [
    printNetwork("-s", spec.source),
    printNetwork("-d", spec.destination),
    printInterface("-i", spec.inInterface),
    printInterface("-o", spec.outInterface),
    protocol ? `${bang(protocol.inverted)}-p ${protocolName(protocol.value)}` : "",
    fragment ? `${bang(fragment.inverted)}-f` : "",
  ].filter((text) => text !== "");
}

/** Whether iptables-save leaves an option out. */
export function isOmitted(
  spec: OptionSpec<unknown>,
  { value, inverted }: Arg<unknown>,
  site: ArgSite,
): boolean {
  if (inverted && !spec.omitInverted) return false;
  if (spec.omits?.(value)) return true;
  if (!spec.omitFallback || spec.fallback === undefined) return false;
  return value === spec.fallback || spec.arg.print(value, site) === spec.arg.print(spec.fallback, site);
}

/** Each option with a space before it. */
export function printOptions(table: OptionTable, args: BoundArgs, site: ArgSite): string {
  let text = "";
  for (const [name, spec] of keptOptions(table)) {
    const arg = args[name];
    if (arg === undefined) continue;
    if (spec.begins) {
      const elements = arg.value as readonly BoundArgs[];
      for (const element of elements) text += ` --${name}${printOptions(table, element, site)}`;
      continue;
    }
    if (isOmitted(spec, arg, site)) continue;
    text += ` ${bang(arg.inverted)}--${name}`;
    if (spec.arg.words === 0) continue;
    const value = spec.arg.print(arg.value, site);
    if (!spec.arg.optional || value !== "") text += ` ${value}`;
  }
  return text;
}

const printWords = (words: readonly string[]): string => words.map((word) => ` ${word}`).join("");

/** `-m name options`. */
export function printMatch(use: MatchUse, spec: RuleSpec, family: Family): string {
  if (use.kind === "unknown") return `-m ${use.name}${printWords(use.words)}`;
  return `-m ${use.match.name}${printOptions(use.match.options, use.args, argSite(spec, family))}`;
}

/** `-j NAME options` or `-g chain`; empty for a rule without target. */
export function printTarget(use: TargetUse, spec: RuleSpec, family: Family): string {
  switch (use.kind) {
    case "none":
      return "";
    case "jump":
      return `-j ${use.chain}`;
    case "goto":
      return `-g ${use.chain}`;
    case "unknown":
      return `-j ${use.name}${printWords(use.words)}`;
    case "known":
      return `-j ${use.target.name}${printOptions(use.target.options, use.args, argSite(spec, family))}`;
  }
}

/** What follows `-A CHAIN`, as iptables-save prints it, a space before each part. `-S -v` has the counters before the target. */
function printParts({ spec, matches, target, counters }: Rule, family: Family, verbose: boolean): string {
  let text = "";
  for (const condition of printSpec(spec)) text += ` ${condition}`;
  for (const match of matches) text += ` ${printMatch(match, spec, family)}`;
  if (verbose) text += ` -c ${counters.packets} ${counters.bytes}`;
  return target.kind === "none" ? text : `${text} ${printTarget(target, spec, family)}`;
}

/** What follows `-A CHAIN `, as iptables-save prints it. `-S -v` has the counters before the target. */
export const printRuleSpecification = (rule: Rule, family: Family, verbose = false): string =>
  printParts(rule, family, verbose).slice(1);

/** A rule as a line of iptables-save: `-A INPUT -s 10.0.0.0/8 -j ACCEPT`. */
export function printRule(rule: Rule, chain: string, family: Family): string {
  const text = rule instanceof SavedRule ? rule.canonicalText : undefined;
  if (text === undefined) return `-A ${chain}${printParts(rule, family, false)}`;
  return text === "" ? `-A ${chain}` : `-A ${chain} ${text}`;
}
