import { parseAddress } from "../packet/address.ts";
import type { InterfaceAddress, NetworkInterface } from "./host.ts";
import { isObject, type JsonObject, listOf, macOf, numberOf, textOf } from "./ip-json-values.ts";

/** One object of `ip -j addr`; a text says why it cannot be read. */
export function readInterface(
  entry: JsonObject,
  sysctl: Readonly<Record<string, string>>,
): NetworkInterface | string {
  const name = textOf(entry, "ifname");
  if (name === undefined) return "no `ifname`";
  const flags = listOf(entry, "flags");
  const loopback = flags.includes("LOOPBACK");
  const ethernet = textOf(entry, "link_type") === "ether" || loopback;
  const master = textOf(entry, "master");
  const addresses: InterfaceAddress[] = [];
  for (const one of listOf(entry, "addr_info")) {
    if (!isObject(one) || Object.keys(one).length === 0) continue;
    const address = readAddress(one);
    if (address === undefined) return `${name}: an address that cannot be read: ${JSON.stringify(one)}`;
    addresses.push(address);
  }
  // sysctl(8) writes a dot inside an interface's name as a slash
  const mtu6 = numberOf(sysctl, `net.ipv6.conf.${name.replaceAll(".", "/")}.mtu`);
  return {
    name,
    index: numberOf(entry, "ifindex") ?? 0,
    mac: ethernet ? (macOf(textOf(entry, "address")) ?? new Uint8Array(6)) : undefined,
    mtu: numberOf(entry, "mtu") ?? 1500,
    up: flags.includes("UP"),
    loopback,
    addresses,
    ...groupOf(entry),
    ...(mtu6 === undefined ? {} : { mtu6 }),
    ...(master === undefined ? {} : { master }),
  };
}

/** `ip` prints names that /etc/iproute2/group knows; 0 has one on every host. */
function groupOf(entry: JsonObject): { readonly group?: number } {
  const group = textOf(entry, "group") === "default" ? 0 : numberOf(entry, "group");
  return group === undefined ? {} : { group };
}

function readAddress(one: JsonObject): InterfaceAddress | undefined {
  const address = parseAddress(textOf(one, "local") ?? "");
  const prefixLength = numberOf(one, "prefixlen");
  if (address === undefined || prefixLength === undefined) return undefined;
  if (prefixLength > (typeof address === "number" ? 32 : 128)) return undefined;
  return {
    address,
    prefixLength,
    broadcast: parseAddress(textOf(one, "broadcast") ?? ""),
    scope: textOf(one, "scope") ?? "global",
    ...(one["secondary"] === true ? { secondary: true } : {}),
    ...(one["deprecated"] === true ? { deprecated: true } : {}),
  };
}
