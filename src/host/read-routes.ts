import { type Address, type Family, familyOf, parseAddress } from "../packet/address.ts";
import { isObject, type JsonObject, listOf, numberOf, textOf } from "./ip-json-values.ts";
import { everything, type Prefix, parsePrefix } from "./prefix.ts";
import { type NextHop, type RouteEntry, type RouteType, routeTypes, scopes } from "./route-entry.ts";

const isRouteType = (text: string): text is RouteType => (routeTypes as readonly string[]).includes(text);

/** One object of `ip -j route show table all`; a text says why it cannot be read. */
export function readRoute(entry: JsonObject): RouteEntry | string {
  const type = textOf(entry, "type") ?? "unicast";
  if (!isRouteType(type)) return `a route of type \`${type}\``;
  const destination = destinationOf(entry);
  if (destination === undefined) return `no destination in ${JSON.stringify(entry)}`;
  const family = familyOf(destination.address);
  const nextHops = nextHopsOf(entry);
  const scope = textOf(entry, "scope");
  return {
    family,
    table: tableOf(entry),
    type,
    destination,
    from: parsePrefix(textOf(entry, "from") ?? ""),
    nextHops,
    preferredSource: parseAddress(textOf(entry, "prefsrc") ?? ""),
    metric: numberOf(entry, "metric") ?? 0,
    tos: numberOf(entry, "tos") ?? 0,
    scope: scope === undefined ? 0 : (scopes[scope] ?? Number(scope)),
    protocol: textOf(entry, "protocol") ?? "",
    mtu: metricOf(entry, "mtu"),
    hopLimit: metricOf(entry, "hoplimit"),
    ...realmsOf(entry["flow"]),
  };
}

/** `ip` prints names that /etc/iproute2/rt_tables knows; 253 to 255 have them on every host. */
const tableNames: Readonly<Record<string, string>> = { "253": "default", "254": "main", "255": "local" };

export function tableOf(entry: JsonObject): string {
  const table = entry["table"];
  const text = typeof table === "string" || typeof table === "number" ? String(table) : "main";
  return tableNames[text] ?? text;
}

function destinationOf(entry: JsonObject): Prefix | undefined {
  const text = textOf(entry, "dst");
  if (text !== "default") return parsePrefix(text ?? "");
  return everything(familyOfDefault(entry));
}

/** A default route names no address of its own; only IPv6 routes have a router preference. */
function familyOfDefault(entry: JsonObject): Family {
  if ("pref" in entry) return "ipv6";
  const hop = listOf(entry, "nexthops").find(isObject) ?? entry;
  const address = parseAddress(textOf(hop, "gateway") ?? textOf(entry, "prefsrc") ?? "");
  return address === undefined ? "ipv4" : familyOf(address);
}

function nextHopsOf(entry: JsonObject): readonly NextHop[] {
  const several = listOf(entry, "nexthops").filter(isObject);
  return (several.length > 0 ? several : [entry]).map((hop) => ({
    device: textOf(hop, "dev") ?? "",
    gateway: gatewayOf(hop),
    dead: listOf(hop, "flags").includes("dead"),
  }));
}

/** `via` stands for a gateway of the other family (RFC 5549). */
function gatewayOf(hop: JsonObject): Address | undefined {
  const via = hop["via"];
  return parseAddress(textOf(hop, "gateway") ?? (isObject(via) ? textOf(via, "host") : undefined) ?? "");
}

/** `{"from": "4", "to": "5"}`; names that /etc/iproute2/rt_realms knows are taken as 0. */
function realmsOf(flow: unknown): { readonly realms?: number } {
  return isObject(flow) ? { realms: joinRealms(numberOf(flow, "from"), numberOf(flow, "to")) } : {};
}

/** As tclassid has them. */
export const joinRealms = (from = 0, to = 0): number => ((from & 0xffff) * 65536 + (to & 0xffff)) >>> 0;

function metricOf(entry: JsonObject, name: string): number | undefined {
  for (const metrics of listOf(entry, "metrics")) {
    if (isObject(metrics)) return numberOf(metrics, name);
  }
  return undefined;
}
