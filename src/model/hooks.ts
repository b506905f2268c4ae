import type { TableName } from "../extensions/extension.ts";
import type { Hook } from "../packet/context.ts";

export type Backend = "legacy" | "nft";

/** What is registered at a hook: a table, or conntrack's own two steps. */
export type Step = TableName | "conntrack" | "confirm";

/**
 * Which steps run at each hook, by priority, lowest first: raw -300, conntrack -200, mangle -150, nat -100 (destination),
 * filter 0, security 50, nat 100 (source), confirm last (netfilter_ipv4.h NF_IP_PRI_*). The only place that says so.
 */
const legacy: Readonly<Record<Hook, readonly Step[]>> = {
  PREROUTING: ["raw", "conntrack", "mangle", "nat"],
  INPUT: ["mangle", "filter", "security", "nat", "confirm"],
  FORWARD: ["mangle", "filter", "security"],
  OUTPUT: ["raw", "conntrack", "mangle", "nat", "filter", "security"],
  POSTROUTING: ["mangle", "nat", "confirm"],
};

export const stepsAtHook: Readonly<Record<Backend, Readonly<Record<Hook, readonly Step[]>>>> = {
  legacy,
  // iptables-nft registers security at 150, behind source NAT at 100
  nft: { ...legacy, INPUT: ["mangle", "filter", "nat", "security", "confirm"] },
};

export const tableNames: readonly TableName[] = ["raw", "mangle", "nat", "filter", "security"];

/** The built-in chains of a table, in the order of the hooks. */
export function builtinChains(table: TableName): readonly Hook[] {
  return (Object.keys(legacy) as Hook[]).filter((hook) => legacy[hook].includes(table));
}
