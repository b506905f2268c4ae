import type { Address, Family } from "../packet/address.ts";
import { printAddress } from "../packet/address.ts";
import { addressBits, type Prefix } from "./prefix.ts";

export const routeTypes = [
  "unicast",
  "local",
  "broadcast",
  "anycast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
] as const;
export type RouteType = (typeof routeTypes)[number];

/** How far a destination may lie away; larger numbers are nearer (rtnetlink.h RT_SCOPE_*). */
export const scopes: Readonly<Record<string, number>> = {
  global: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
};

export interface NextHop {
  readonly device: string;
  /** `undefined` where the destination itself is the next hop. */
  readonly gateway: Address | undefined;
  /** RTNH_F_DEAD: its interface is down. */
  readonly dead: boolean;
}

/** One line of a routing table. */
export interface RouteEntry {
  readonly family: Family;
  /** `local`, `main`, `default` or a number, as `ip` prints it. */
  readonly table: string;
  readonly type: RouteType;
  readonly destination: Prefix;
  /** IPv6: only for packets from here (`ip -6 route add … from …`). */
  readonly from: Prefix | undefined;
  readonly nextHops: readonly NextHop[];
  readonly preferredSource: Address | undefined;
  readonly metric: number;
  /** 0 is for every TOS. */
  readonly tos: number;
  readonly scope: number;
  /** Who made it: `kernel`, `boot`, `static` …; empty where `ip` leaves it out. */
  readonly protocol: string;
  readonly mtu: number | undefined;
  /** The hop limit of what the host itself sends by it (RTAX_HOPLIMIT). */
  readonly hopLimit: number | undefined;
  /** `realms from/to` as tclassid: from in the upper 16 bits; absent is 0. */
  readonly realms?: number;
}

/** The entry as `ip route` writes it, without its lesser attributes. */
export function printEntry(entry: RouteEntry): string {
  const { destination, nextHops, table, type } = entry;
  const whole = destination.length === addressBits(entry.family);
  const words = type === "unicast" ? [] : [type as string];
  const address = printAddress(destination.address);
  words.push(destination.length === 0 ? "default" : whole ? address : `${address}/${destination.length}`);
  if (entry.tos) words.push("tos", `0x${entry.tos.toString(16)}`);
  for (const { gateway, device } of nextHops) {
    if (nextHops.length > 1) words.push("nexthop");
    if (gateway !== undefined) words.push("via", printAddress(gateway));
    if (device !== "") words.push("dev", device);
  }
  if (table !== "main") words.push("table", table);
  if (entry.metric && entry.family === "ipv4") words.push("metric", String(entry.metric));
  return words.join(" ");
}
