import type { Address, Family } from "../packet/address.ts";
import type { FlowKeys } from "./host.ts";
import { contains, type Prefix } from "./prefix.ts";
import { routingTos } from "./route-table.ts";

export type RuleAction =
  | { readonly kind: "table"; readonly table: string }
  | { readonly kind: "goto"; readonly priority: number }
  | { readonly kind: "nop" | "blackhole" | "unreachable" | "prohibit" };

/** First and last. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

/** One line of `ip rule`: which routing table a packet is looked up in. */
export interface PolicyRule {
  readonly family: Family;
  readonly priority: number;
  readonly inverted: boolean;
  readonly from: Prefix | undefined;
  readonly to: Prefix | undefined;
  readonly tos: number;
  readonly mark: { readonly value: number; readonly mask: number } | undefined;
  /** `lo` stands for the host's own packets. */
  readonly inDevice: string | undefined;
  readonly outDevice: string | undefined;
  readonly protocol: number | undefined;
  readonly sourcePorts: NumberRange | undefined;
  readonly destinationPorts: NumberRange | undefined;
  readonly uids: NumberRange | undefined;
  readonly action: RuleAction;
  /** A hit with a prefix of this length or shorter is passed over. */
  readonly suppressPrefixLength: number | undefined;
  /** `realms from/to` of what it finds, as `RouteEntry.realms`; absent is 0. */
  readonly realms?: number;
  /** Selectors that we cannot ask of a packet (tunnels, VRFs …): the rule is taken as not matching. */
  readonly unknown: readonly string[];
}

export interface RuleQuery {
  /** 0 or absent: not chosen yet. */
  readonly source: Address | undefined;
  readonly destination: Address;
  readonly tos: number;
  readonly mark: number;
  /** `lo` for the host's own packets. */
  readonly inDevice: string;
  readonly outDevice?: string | undefined;
  /** Only routes by this interface count, which rules do not know of (RT6_LOOKUP_F_IFACE). */
  readonly linkDevice?: string | undefined;
  readonly flow?: FlowKeys | undefined;
  readonly uid?: number | undefined;
}

/** Whether the rule takes every packet, as the ones that a host has by itself do. */
export const takesAll = (rule: PolicyRule): boolean =>
  !rule.inverted &&
  rule.unknown.length === 0 &&
  rule.tos === 0 &&
  [
    rule.from,
    rule.to,
    rule.mark,
    rule.inDevice,
    rule.outDevice,
    rule.protocol,
    rule.sourcePorts,
    rule.destinationPorts,
    rule.uids,
  ].every((selector) => selector === undefined);

/** fib_rule_match (net/core/fib_rules.c), fib4_rule_match (net/ipv4/fib_rules.c). */
export function ruleMatches(rule: PolicyRule, query: RuleQuery): boolean {
  return matchesPlainly(rule, query) !== rule.inverted;
}

function matchesPlainly(rule: PolicyRule, query: RuleQuery): boolean {
  const { from, to, mark } = rule;
  if (rule.inDevice !== undefined && rule.inDevice !== query.inDevice) return false;
  if (rule.outDevice !== undefined && rule.outDevice !== query.outDevice) return false;
  if (mark && ((query.mark & mark.mask) ^ mark.value) !== 0) return false;
  if (!isWithin(query.uid ?? 0, rule.uids) || !takesFlow(rule, query.flow)) return false;
  if (rule.tos !== 0 && rule.tos !== routingTos(query.tos)) return false;
  if (from && !contains(from, query.source ?? (rule.family === "ipv4" ? 0 : 0n))) return false;
  return !to || contains(to, query.destination);
}

const isWithin = (number: number, range: NumberRange | undefined): boolean =>
  range === undefined || (number >= range.low && number <= range.high);

/** Whether the rule takes packets of that protocol and those ports: they are read only where it asks for them. */
const takesFlow = (
  { protocol, sourcePorts, destinationPorts }: PolicyRule,
  flow: FlowKeys = noFlow,
): boolean =>
  (protocol === undefined || protocol === flow.protocol) &&
  (sourcePorts === undefined || isWithin(flow.sourcePort, sourcePorts)) &&
  (destinationPorts === undefined || isWithin(flow.destinationPort, destinationPorts));

const noFlow: FlowKeys = { protocol: 0, sourcePort: 0, destinationPort: 0 };

const plain = {
  inverted: false,
  from: undefined,
  to: undefined,
  tos: 0,
  mark: undefined,
  protocol: undefined,
  sourcePorts: undefined,
  destinationPorts: undefined,
  uids: undefined,
} as const;

/** The rules that a host has unless somebody changed them (fib_default_rules_init). */
export const defaultRules = (family: Family): readonly PolicyRule[] =>
  (family === "ipv4"
    ? ([
        [0, "local"],
        [32766, "main"],
        [32767, "default"],
      ] as const)
    : ([
        [0, "local"],
        [32766, "main"],
      ] as const)
  ).map(([priority, table]) => ({
    ...plain,
    family,
    priority,
    inDevice: undefined,
    outDevice: undefined,
    action: { kind: "table", table },
    suppressPrefixLength: undefined,
    unknown: [],
  }));
