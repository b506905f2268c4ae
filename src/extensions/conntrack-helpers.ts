import type { Family } from "../packet/address.ts";

const tcp = 6;
const udp = 17;
const both: readonly Family[] = ["ipv4", "ipv6"];
const ipv4: readonly Family[] = ["ipv4"];

/** Conntrack's helpers that Linux brings along, with the protocols and families that each is for. */
const helpers: ReadonlyMap<
  string,
  { readonly protocols: readonly number[]; readonly families: readonly Family[] }
> = new Map([
  ["amanda", { protocols: [udp], families: both }],
  ["ftp", { protocols: [tcp], families: both }],
  ["irc", { protocols: [tcp], families: ipv4 }],
  ["netbios-ns", { protocols: [udp], families: ipv4 }],
  ["pptp", { protocols: [tcp], families: ipv4 }],
  ["Q.931", { protocols: [tcp], families: both }],
  ["RAS", { protocols: [udp], families: both }],
  ["sane", { protocols: [tcp], families: both }],
  ["sip", { protocols: [tcp, udp], families: both }],
  ["snmp", { protocols: [udp], families: ipv4 }],
  ["tftp", { protocols: [udp], families: both }],
]);

/** Whether Linux has a helper of this name for a protocol and family. */
export function hasHelper(name: string, protocol: number | undefined, family: Family): boolean {
  const helper = helpers.get(name);
  return (
    protocol !== undefined &&
    (helper?.protocols.includes(protocol) ?? false) &&
    (helper?.families.includes(family) ?? false)
  );
}
