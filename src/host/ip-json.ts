import { type Address, parseAddress } from "../packet/address.ts";
import { connectedRoutes } from "./connected-routes.ts";
import type { Host } from "./host.ts";
import { macOf, readEntries, textOf } from "./ip-json-values.ts";
import { defaultRules } from "./policy-rule.ts";
import { readInterface } from "./read-interfaces.ts";
import { readRoute } from "./read-routes.ts";
import { readRule } from "./read-rules.ts";
import { SnapshotHost } from "./snapshot-host.ts";

/** What `ip -j` and sysctl say of a host; the value of each command's JSON. Absent parts are made up, as `Host.assumptions` tells. */
export interface IpJson {
  /** `ip -j addr` */
  readonly addresses: unknown;
  /** `ip -j route show table all` */
  readonly routes: unknown;
  /** `ip -j neigh` */
  readonly neighbours: unknown;
  /** `ip -j rule`; the usual rules where it is absent. */
  readonly rules?: unknown;
  /** `ip -6 -j rule`, likewise. */
  readonly rules6?: unknown;
  readonly sysctl: Readonly<Record<string, string>>;
}

/** Reads a host from a snapshot or a recording. What cannot be read is left out and told in `assumptions`; never throws. */
export function hostFromIpJson(json: IpJson): Host {
  const assumptions = new Set<string>();
  const tell = (problem: string) => assumptions.add(problem);
  const interfaces = new Map(
    readEntries(json.addresses, "ip -j addr", (entry) => readInterface(entry, json.sysctl), tell).map(
      (one) => [one.name, one] as const,
    ),
  );
  const rules = [
    ...readEntries(json.rules, "ip -j rule", (entry) => readRule(entry), tell),
    ...readEntries(json.rules6, "ip -6 -j rule", (entry) => readRule(entry, "ipv6"), tell),
  ];
  if (json.routes === undefined)
    tell("the routes are not known: the host has those of its own addresses only");
  const routes =
    json.routes === undefined
      ? connectedRoutes(interfaces.values())
      : readEntries(json.routes, "ip -j route", readRoute, tell);
  return new SnapshotHost({
    interfaces,
    routes,
    rules: [
      ...(rules.some((rule) => rule.family === "ipv4") ? [] : defaultRules("ipv4")),
      ...(rules.some((rule) => rule.family === "ipv6") ? [] : defaultRules("ipv6")),
      ...rules,
    ],
    neighbours: readNeighbours(json.neighbours, tell),
    sysctl: json.sysctl,
    assumptions,
  });
}

/** By device and address; `undefined` where nothing is known and every neighbour is taken to answer. */
export type Neighbours = ReadonlyMap<string, ReadonlyMap<Address, Uint8Array>>;

function readNeighbours(value: unknown, tell: (problem: string) => void): Neighbours | undefined {
  if (value === undefined) return undefined;
  const neighbours = new Map<string, Map<Address, Uint8Array>>();
  const read = readEntries(
    value,
    "ip -j neigh",
    (entry) => {
      const device = textOf(entry, "dev");
      const address = parseAddress(textOf(entry, "dst") ?? "");
      if (device === undefined || address === undefined) return "no `dst` or no `dev`";
      return { device, address, mac: macOf(textOf(entry, "lladdr")) };
    },
    tell,
  );
  for (const { device, address, mac } of read) {
    // INCOMPLETE and FAILED entries have no address
    if (!mac) continue;
    const ofDevice = neighbours.get(device) ?? new Map<Address, Uint8Array>();
    ofDevice.set(address, mac);
    neighbours.set(device, ofDevice);
  }
  return neighbours;
}
