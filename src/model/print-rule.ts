import type { ArgSite } from "../arg-types/arg-type.ts";
import type { OptionTable } from "../extensions/extension.ts";
import { type Family, prefixLength, printAddress } from "../packet/address.ts";
import { protocolName } from "../packet/protocols.ts";
import { keptOptions } from "./extension-use.ts";
import type { BoundArgs, Counters, MatchUse, Rule, RuleSpec, TargetUse } from "./ruleset.ts";

/** `[packets:bytes]` as iptables-save writes them. */
export const printCounters = ({ packets, bytes }: Counters): string => `[${packets}:${bytes}]`;

const argSite = (spec: RuleSpec, family: Family): ArgSite => ({
  family,
  protocol: spec.protocol?.inverted ? undefined : spec.protocol?.value,
});

const bang = (inverted: boolean): string => (inverted ? "! " : "");

function printNetwork(option: string, end: RuleSpec["source"]): string[] {
  if (end === undefined) return [];
  const { address, mask } = end.value;
  const suffix = prefixLength(mask) ?? printAddress(mask);
  return [`${bang(end.inverted)}${option} ${printAddress(address)}/${suffix}`];
}

function printInterface(option: string, name: RuleSpec["inInterface"]): string[] {
  // `+` alone is left out, even where it is inverted (iptables 1.8.9, save_iface)
  if (name === undefined || name.value === "+") return [];
  return [`${bang(name.inverted)}${option} ${name.value}`];
}

/** A rule's own conditions in iptables-save's order, one text each: `! -s 10.0.0.0/8`. */
export function printSpec(spec: RuleSpec): readonly string[] {
  const { protocol, fragment } = spec;
  return [
    ...printNetwork("-s", spec.source),
    ...printNetwork("-d", spec.destination),
    ...printInterface("-i", spec.inInterface),
    ...printInterface("-o", spec.outInterface),
    ...(protocol ? [`${bang(protocol.inverted)}-p ${protocolName(protocol.value)}`] : []),
    ...(fragment ? [`${bang(fragment.inverted)}-f`] : []),
  ];
}

function printOptions(table: OptionTable, args: BoundArgs, site: ArgSite): readonly string[] {
  return keptOptions(table).flatMap(([name, spec]) => {
    const arg = args[name];
    if (arg === undefined) return [];
    if (!arg.inverted && spec.omits?.(arg.value)) return [];
    const value = spec.arg.print(arg.value, site);
    if (spec.omitFallback && spec.fallback !== undefined && (!arg.inverted || spec.omitInverted)) {
      if (value === spec.arg.print(spec.fallback, site)) return [];
    }
    return [`${bang(arg.inverted)}--${name}${spec.arg.words === 0 ? "" : ` ${value}`}`];
  });
}

/** `-m name options`. */
export function printMatch(use: MatchUse, spec: RuleSpec, family: Family): string {
  const words =
    use.kind === "known" ? printOptions(use.match.options, use.args, argSite(spec, family)) : use.words;
  return ["-m", use.kind === "known" ? use.match.name : use.name, ...words].join(" ");
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
      return ["-j", use.name, ...use.words].join(" ");
    case "known":
      return [
        "-j",
        use.target.name,
        ...printOptions(use.target.options, use.args, argSite(spec, family)),
      ].join(" ");
  }
}

/** What follows `-A CHAIN`, as iptables-save prints it. `-S -v` has the counters before the target. */
export function printRuleSpecification(rule: Rule, family: Family, verbose = false): string {
  const { spec, matches, target, counters } = rule;
  const printed = printTarget(target, spec, family);
  return [
    ...printSpec(spec),
    ...matches.map((match) => printMatch(match, spec, family)),
    ...(verbose ? [`-c ${counters.packets} ${counters.bytes}`] : []),
    ...(printed === "" ? [] : [printed]),
  ].join(" ");
}

/** A rule as a line of iptables-save: `-A INPUT -s 10.0.0.0/8 -j ACCEPT`. */
export function printRule(rule: Rule, chain: string, family: Family): string {
  const specification = printRuleSpecification(rule, family);
  return `-A ${chain}${specification === "" ? "" : ` ${specification}`}`;
}
