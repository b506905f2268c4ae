import { anyPort, type PortRange } from "../arg-types/port-range.ts";
import type { TcpFlags } from "../arg-types/tcp-flags.ts";
import type { Arg } from "../extensions/extension.ts";
import { plain } from "../extensions/plain-arg.ts";
import type { BoundArgs, MatchUse, Rule, Ruleset } from "./ruleset.ts";

/**
 * A match as iptables-nft 1.8.9 keeps and lists it: of `-m tcp` and `-m udp` it makes nftables' own expressions (nft.c), unless
 * a TCP option is asked for, too. "Not up to a port" becomes "beyond that port", and what holds for no packet, `! --dport 0:65535`,
 * or looks at no flag is lost: the rule then holds for every packet. `undefined` where nothing is left of the match.
 */
export function nftMatch(use: MatchUse): MatchUse | undefined {
  if (use.kind !== "known" || !isNative(use)) return use;
  const { sport, dport, "tcp-flags": flags } = use.args;
  const changed: BoundArgs = { ...portsOf("sport", sport), ...portsOf("dport", dport), ...flagsOf(flags) };
  if (Object.keys(changed).length === 0) return use;
  const args = { ...use.args, ...changed };
  return asksNothing(args) ? undefined : { ...use, args };
}

/** The rules as iptables-nft keeps and lists them. */
export function nftRuleset(ruleset: Ruleset): Ruleset {
  const tables = [...ruleset.tables].map(([name, table]) => {
    const chains = [...table.chains].map(
      ([chain, one]) => [chain, { ...one, rules: one.rules.map(nftRule) }] as const,
    );
    return [name, { ...table, chains: new Map(chains) }] as const;
  });
  return { ...ruleset, tables: new Map(tables) };
}

function nftRule(rule: Rule): Rule {
  const matches = rule.matches.map(nftMatch);
  if (matches.every((use, at) => use === rule.matches[at])) return rule;
  return rule.with({ matches: matches.filter((use) => use !== undefined) });
}

/** Whether nftables' own expressions say what the match does. */
export const isNative = ({ match, args }: Extract<MatchUse, { kind: "known" }>): boolean =>
  (match.name === "tcp" || match.name === "udp") && args["tcp-option"] === undefined;

type Options = Readonly<Record<string, Arg<unknown>>>;

function portsOf(name: string, arg: Arg<unknown> | undefined): Options {
  if (!arg?.inverted) return {};
  const [low, high] = arg.value as PortRange;
  if (low !== 0 || high === 0) return {};
  return { [name]: plain(high === anyPort[1] ? anyPort : [high + 1, anyPort[1]]) };
}

function flagsOf(arg: Arg<unknown> | undefined): Options {
  if (!arg) return {};
  const { mask, comparison } = arg.value as TcpFlags;
  if (mask !== 0 || (!arg.inverted && comparison === 0)) return {};
  return { "tcp-flags": plain({ mask: 0, comparison: 0 }) };
}

/** Whether a port is asked for that not every packet has. */
export function asksPort(arg: Arg<unknown> | undefined): boolean {
  if (arg === undefined) return false;
  const [low, high] = arg.value as PortRange;
  return arg.inverted || low !== anyPort[0] || high !== anyPort[1];
}

export const asksFlags = (arg: Arg<unknown> | undefined): boolean =>
  arg !== undefined && (arg.inverted || (arg.value as TcpFlags).mask !== 0);

const asksNothing = ({ sport, dport, "tcp-flags": flags }: BoundArgs): boolean =>
  !asksPort(sport) && !asksPort(dport) && !asksFlags(flags);
