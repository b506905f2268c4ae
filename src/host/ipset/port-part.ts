import { icmpTypeNames, icmpv6TypeNames } from "../../arg-types/icmp-type-names.ts";
import { servicePort } from "../../arg-types/services.ts";
import type { Family } from "../../packet/address.ts";
import { protocolByName, protocolName } from "../../packet/protocols.ts";
import { complain } from "./complaint.ts";

/** Ports of one protocol from `low` to `high`. */
export interface PortRange {
  readonly protocol: number;
  readonly low: number;
  readonly high: number;
}

const icmp = 1;
const icmpv6 = 58;
const protocolsWithPorts: ReadonlySet<number> = new Set([6, 17, 132, 136]);

interface NamedType {
  readonly name: string;
  /** Type and code as the two bytes of a port. */
  readonly port: number;
}

/** Names of whole types, where the type's codes have names of their own, are iptables' alone. */
const notOfIpset = new Set([
  "any",
  "destination-unreachable",
  "redirect",
  "time-exceeded",
  "ttl-exceeded",
  "parameter-problem",
]);
const named = (
  names: readonly (readonly [string, number, number?])[],
  but: ReadonlySet<string>,
): NamedType[] =>
  names
    .filter(([name]) => !but.has(name))
    .map(([name, type, code = 0]) => ({ name, port: type * 256 + code }));

/** lib/icmp.c and lib/icmpv6.c of ipset. */
const typeNames: ReadonlyMap<number, readonly NamedType[]> = new Map([
  [icmp, named(icmpTypeNames, notOfIpset)],
  [
    icmpv6,
    named(
      icmpv6TypeNames,
      new Set([
        ...[...notOfIpset].filter((name) => name !== "redirect"),
        "beyond-scope",
        "failed-policy",
        "reject-route",
        "neighbor-solicitation",
        "neighbor-advertisement",
      ]),
    ),
  ],
]);

/** The part behind the protocol, as `ipset save` prints it. */
export function printPort(protocol: number, port: number): string {
  const names = typeNames.get(protocol);
  if (!names) return String(port);
  return names.find((type) => type.port === port)?.name ?? `${port >> 8}/${port & 255}`;
}

function readIcmp(text: string, protocol: number): number {
  const lower = text.toLowerCase();
  const byName = (typeNames.get(protocol) ?? []).find(({ name }) => name.toLowerCase().startsWith(lower));
  if (byName) return byName.port;
  const [, type, code] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (type === undefined || Number(type) > 255 || Number(code) > 255) {
    const what = protocol === icmp ? "ICMP" : "ICMPv6";
    return complain(`Cannot parse ${text} as an ${what} type/code.`);
  }
  return Number(type) * 256 + Number(code);
}

function readPort(text: string, protocol: number): number {
  const plain = text.replace(/^\[(.*)\]$/, "$1");
  if (/^\d+$/.test(plain) && Number(plain) <= 65535) return Number(plain);
  const port = servicePort(plain, protocol);
  if (port !== undefined) return port;
  return complain(`'${plain}' is neither a port nor a ${protocolName(protocol)} service`);
}

/** A range's ends; a service in brackets may have dashes in its name. */
const portWords = (text: string): readonly string[] => text.match(/\[[^\]]*\]|[^-[\]]+/g) ?? [text];

function readRange(text: string, protocol: number): PortRange {
  const [from = "", to = from, ...more] = portWords(text);
  if (more.length > 0) complain(`${text} is no range of ports`);
  const ends = [readPort(from, protocol), readPort(to, protocol)] as const;
  return { protocol, low: Math.min(...ends), high: Math.max(...ends) };
}

/** `[proto:]port[-port]` of a hash: TCP unless told; `icmp:type/code`; other protocols with port 0 only. */
export function readPorts(text: string, family: Family): PortRange {
  const colon = text.indexOf(":");
  if (colon < 0) return readRange(text, 6);
  const name = text.slice(0, colon);
  const rest = text.slice(colon + 1);
  const protocol = /^\d+$/.test(name) && Number(name) < 256 ? Number(name) : protocolByName(name);
  if (protocol === undefined) return complain(`cannot parse '${name}' as a protocol`);
  if (protocolsWithPorts.has(protocol)) return readRange(rest, protocol);
  if (protocol === icmp || protocol === icmpv6) {
    const own = protocol === icmp ? "ipv4" : "ipv6";
    if (own !== family)
      complain(`Protocol ${name} can be used with family ${own === "ipv4" ? "inet" : "inet6"} only`);
    const port = readIcmp(rest, protocol);
    return { protocol, low: port, high: port };
  }
  if (rest !== "0") complain(`Protocol ${name} can be used with pseudo port value 0 only.`);
  return { protocol, low: 0, high: 0 };
}

/** The same of a bitmap, which forgets the protocol. */
export function readBitmapPorts(text: string): PortRange {
  const [, name, rest = text] = /^([^:]*):(.*)$/.exec(text) ?? [];
  const protocol = name === undefined ? 6 : (protocolByName(name) ?? complain(`unknown protocol '${name}'`));
  return { ...readRange(rest, protocol), protocol: 0 };
}
