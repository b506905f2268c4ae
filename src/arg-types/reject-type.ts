import type { Family } from "../packet/address.ts";
import { type ArgType, bad, ok } from "./arg-type.ts";

/** How REJECT answers. `port-unreachable` is the one name that both families share, since it is what both start from. */
export type RejectWith = "port-unreachable" | "tcp-reset" | Ipv4RejectType | Ipv6RejectType;

type Ipv4RejectType = (typeof ipv4Types)[number][0];
type Ipv6RejectType = (typeof ipv6Types)[number][0];

/** Names and aliases in the order in which abbreviations are looked up (libipt_REJECT.c). */
const ipv4Types = [
  ["icmp-net-unreachable", "net-unreach"],
  ["icmp-host-unreachable", "host-unreach"],
  ["icmp-proto-unreachable", "proto-unreach"],
  ["icmp-port-unreachable", "port-unreach"],
  ["icmp-net-prohibited", "net-prohib"],
  ["icmp-host-prohibited", "host-prohib"],
  ["tcp-reset", "tcp-rst"],
  ["icmp-admin-prohibited", "admin-prohib"],
] as const;

/** The same for IPv6 (libip6t_REJECT.c). */
const ipv6Types = [
  ["icmp6-no-route", "no-route"],
  ["icmp6-adm-prohibited", "adm-prohibited"],
  ["icmp6-addr-unreachable", "addr-unreach"],
  ["icmp6-port-unreachable", "port-unreach"],
  ["tcp-reset", "tcp-reset"],
  ["icmp6-policy-fail", "policy-fail"],
  ["icmp6-reject-route", "reject-route"],
] as const;

const portUnreachable = { ipv4: "icmp-port-unreachable", ipv6: "icmp6-port-unreachable" } as const;

/** The type by its full name in a family. */
export const rejectTypeName = (value: RejectWith, family: Family): Exclude<RejectWith, "port-unreachable"> =>
  value === "port-unreachable" ? portUnreachable[family] : value;

export const rejectType: ArgType<RejectWith> = {
  placeholder: "type",
  words: 1,
  parse([text = ""], { family }) {
    const wanted = text.toLowerCase();
    const types: readonly (readonly [Exclude<RejectWith, "port-unreachable">, string])[] =
      family === "ipv4" ? ipv4Types : ipv6Types;
    const found = types.find(([name, alias]) => name.startsWith(wanted) || alias.startsWith(wanted))?.[0];
    if (found !== undefined) return ok(found === portUnreachable[family] ? "port-unreachable" : found);
    if (family === "ipv4" && ["echo-reply", "echoreply"].some((name) => name.startsWith(wanted))) {
      return bad("--reject-with echo-reply no longer supported");
    }
    return bad(`unknown reject type "${text}"`, `types are ${types.map(([name]) => name).join(", ")}`);
  },
  print: (value, { family }) => rejectTypeName(value, family),
  samples: ["port-unreachable", "tcp-reset"],
};
