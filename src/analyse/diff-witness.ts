import { showValue } from "../formula/explain.ts";
import type { Ruleset } from "../model/ruleset.ts";
import { type Address, parseAddress, printAddress } from "../packet/address.ts";
import { destinationField, type Field, fields, sourceField } from "../packet/fields.ts";
import { protocolName } from "../packet/protocols.ts";
import { type StateName, stateCodes } from "./ct-variables.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import type { Path } from "./path.ts";
import { inRanges, masked } from "./vector.ts";

const withPorts: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
const tcpFlagNames = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
/** Documentation addresses (RFC 5737, RFC 3849): somebody else's and the host's own, as packet-defaults.ts has them. */
const usualAddresses = {
  ipv4: { other: "198.51.100.7", host: "192.0.2.1" },
  ipv6: { other: "2001:db8:ffff::7", host: "2001:db8::1" },
} as const;

/** The interfaces that rules name, ones that a prefix allows among them; then names that everybody knows. */
export function interfaceNames(...rulesets: readonly Ruleset[]): readonly string[] {
  const names = new Set<string>();
  for (const { tables } of rulesets) {
    for (const table of tables.values()) {
      for (const { rules } of table.chains.values()) {
        for (const { spec } of rules) {
          for (const end of [spec.inInterface, spec.outInterface])
            if (end) names.add(end.value.replace(/\+$/, "0"));
        }
      }
    }
  }
  const known = ["eth0", "eth1", "eth2", "wan0"];
  return [...known.filter((name) => names.has(name)), ...names, ...known.filter((name) => !names.has(name))];
}

/** Narrows a set down to one packet, wish by wish: what a person would write comes first. */
class Narrowing {
  readonly space: PacketSpace;
  set: PacketSet;

  constructor(space: PacketSpace, set: PacketSet) {
    this.space = space;
    this.set = set;
  }

  /** Takes the wish where some packet of the set has it. */
  wish(by: PacketSet): boolean {
    const narrowed = this.space.and(this.set, by);
    if (narrowed === 0) return false;
    this.set = narrowed;
    return true;
  }

  wishValue(field: Field, ...values: readonly Address[]): void {
    const { bdd } = this.space;
    const vector = this.space.vector(field);
    for (const value of values) if (this.wish(inRanges(bdd, vector, [[value, value]]))) return;
  }

  /** Settles a field: its least value in the set where no wish has settled it. */
  value(field: Field): bigint {
    let value = 0n;
    for (const bit of this.space.vector(field)) {
      value *= 2n;
      if (this.wish(this.space.not(bit))) continue;
      this.wish(bit);
      value += 1n;
    }
    return value;
  }
}

/** A packet of the set in iptables' words; `undefined` where its interfaces have no usual name or words cannot say it. */
export function packetWords(
  space: PacketSpace,
  packets: PacketSet,
  path: Path,
  interfaces: readonly string[],
): string | undefined {
  const narrowing = new Narrowing(space, packets);
  if (packets === 0 || !narrowing.wish(space.domain(path))) return undefined;
  wishOrdinary(narrowing);
  const words: string[] = [];
  for (const [option, field] of [
    ["-i", "inDevice"],
    ["-o", "outDevice"],
  ] as const) {
    if (path === (option === "-i" ? "OUTPUT" : "INPUT")) continue;
    const name = interfaces.find((one) => narrowing.wish(space.device(field, one, false)));
    if (name === undefined) return undefined;
    words.push(`${option} ${name}`);
  }
  const state = wishState(narrowing);
  const protocol = wishProtocol(narrowing);
  words.push(`-p ${protocolName(protocol)}`);
  const transport = transportWords(narrowing, protocol);
  words.push(...addressWords(narrowing, path), ...transport, ...otherWords(narrowing, protocol));
  if (state !== "NEW") words.push(`--ctstate ${state}`);
  return words.join(" ");
}

function wishOrdinary(narrowing: Narrowing): void {
  const { space } = narrowing;
  const { bdd, layout, ct } = space;
  narrowing.wishValue(fields.fragmentOffset, 0);
  narrowing.wishValue(fields.packetType, 0);
  narrowing.wishValue(fields.mark, 0);
  narrowing.wish(bdd.not(bdd.variable(layout.owned)));
  narrowing.wish(bdd.not(ct.sourceNat));
  narrowing.wish(bdd.not(ct.destinationNat));
  // a memory's first packet passes (limit …); bytes that nobody sees hold no pattern
  for (const { level, kind } of space.freeOf(narrowing.set)) {
    const variable = bdd.variable(level);
    narrowing.wish(kind === "stateful" ? variable : bdd.not(variable));
  }
}

function wishState(narrowing: Narrowing): StateName {
  const names = Object.keys(stateCodes) as StateName[];
  return names.find((name) => narrowing.wish(narrowing.space.ct.state(name))) ?? "NEW";
}

function wishProtocol(narrowing: Narrowing): number {
  narrowing.wishValue(fields.protocol, 6, 17, narrowing.space.family === "ipv4" ? 1 : 58);
  return Number(narrowing.value(fields.protocol));
}

function addressWords(narrowing: Narrowing, path: Path): readonly string[] {
  const { family } = narrowing.space;
  const { other, host } = usualAddresses[family];
  const [from, to] = path === "OUTPUT" ? [host, other] : [other, host];
  const read = (option: string, field: Field, usual: string): string => {
    narrowing.wishValue(field, parseAddress(usual) ?? 0);
    wishUnicast(narrowing, field);
    const value = narrowing.value(field);
    return `${option} ${printAddress(family === "ipv4" ? Number(value) : value)}`;
  };
  return [read("-s", sourceField(family), from), read("-d", destinationField(family), to)];
}

/** Neither 0.0.0.0/8, loopback nor multicast; and the last byte of a host. */
function wishUnicast(narrowing: Narrowing, field: Field): void {
  const { bdd, family } = narrowing.space;
  const vector = narrowing.space.vector(field);
  if (family === "ipv4") {
    narrowing.wish(
      inRanges(bdd, vector, [
        [0x01000000, 0x7effffff],
        [0x80000000, 0xdfffffff],
      ]),
    );
    for (const last of [7, 1, 9]) if (narrowing.wish(masked(bdd, vector, 0xff, last))) return;
    return;
  }
  narrowing.wish(inRanges(bdd, vector, [[1n << 125n, (1n << 126n) - 1n]]));
  narrowing.wish(masked(bdd, vector, 0xffffn, 7n));
}

function transportWords(narrowing: Narrowing, protocol: number): readonly string[] {
  const { family } = narrowing.space;
  if (narrowing.value(fields.fragmentOffset) !== 0n) return ["-f"];
  if (protocol === 1 || protocol === 58) {
    narrowing.wishValue(fields.icmpType, family === "ipv4" ? 8 : 128);
    const type = narrowing.value(fields.icmpType);
    return [`--icmp-type ${type}/${narrowing.value(fields.icmpCode)}`];
  }
  if (!withPorts.has(protocol)) return [];
  narrowing.wishValue(fields.sourcePort, 40000, 1024);
  narrowing.wishValue(fields.destinationPort, 80, 22, 443, 53, 8080);
  const ports = [
    `--sport ${narrowing.value(fields.sourcePort)}`,
    `--dport ${narrowing.value(fields.destinationPort)}`,
  ];
  return protocol === 6 ? [...ports, flagWords(narrowing)] : ports;
}

function flagWords(narrowing: Narrowing): string {
  narrowing.wishValue(fields.tcpFlags, 2, 16, 18, 24);
  const flags = Number(narrowing.value(fields.tcpFlags));
  if (flags === 2) return "--syn";
  const names = tcpFlagNames.filter((_, bit) => (flags >> bit) & 1);
  return `--tcp-flags ${names.length === 0 ? "NONE" : names.join(",")}`;
}

/** Bytes of a packet without data: what the words make unless they name a length. */
const usualLength = (protocol: number, family: PacketSpace["family"]): number =>
  (family === "ipv4" ? 20 : 40) +
  (protocol === 6 ? 20 : protocol === 17 || protocol === 1 || protocol === 58 ? 8 : 0);

function otherWords(narrowing: Narrowing, protocol: number): readonly string[] {
  const words: string[] = [];
  const add = (option: string, field: Field, usual: number, show: (value: bigint) => string): void => {
    narrowing.wishValue(field, usual);
    const value = narrowing.value(field);
    if (value !== BigInt(usual)) words.push(`${option} ${show(value)}`);
  };
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  add("--length", fields.length, usualLength(protocol, narrowing.space.family), String);
  add(narrowing.space.family === "ipv4" ? "--ttl" : "--hl", fields.ttl, 64, String);
  add("--tos", fields.tos, 0, hex);
  add("--mark", fields.mark, 0, hex);
  add("--mac-source", fields.macSource, 0x0200000000fe, (value) =>
    showValue(fields.macSource, Number(value)),
  );
  const owned = narrowing.space.bdd.variable(narrowing.space.layout.owned);
  if (narrowing.wish(narrowing.space.not(owned))) return words;
  words.push(
    `--uid-owner ${narrowing.value(fields.ownerUid)}`,
    `--gid-owner ${narrowing.value(fields.ownerGid)}`,
  );
  return words;
}
