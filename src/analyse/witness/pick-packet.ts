import { showValue } from "../../formula/explain.ts";
import { familyOf, parseAddress, printAddress } from "../../packet/address.ts";
import { transportHeaderLength } from "../../packet/compose.ts";
import { destinationField, type Field, fields, sourceField } from "../../packet/fields.ts";
import { toHex } from "../../packet/hex.ts";
import type { StateName } from "../ct-variables.ts";
import type { PacketSet, PacketSpace } from "../packet-space.ts";
import type { Path } from "../path.ts";
import { inRanges, masked } from "../vector.ts";
import { fragmentData, usualFragmentBytes } from "./fragment-data.ts";
import { settleMoment } from "./moment.ts";
import { Narrowing } from "./narrowing.ts";
import { ackFlag, type PacketFacts, synFlag } from "./packet-facts.ts";
import type { Pattern } from "./patterns.ts";

/** What a packet is picked by. */
export interface Taste {
  /** Names for its interfaces, the best ones first. */
  readonly interfaces: readonly string[];
  readonly patterns: ReadonlyMap<string, Pattern>;
  /** Seconds since 1970. */
  readonly now: number;
  /** Makes packets differ in what the set leaves open: their far ends' addresses and source ports. */
  readonly salt?: number;
}

/** A packet of a set, and what must be so for it to be one. */
export interface PickedPacket {
  readonly facts: PacketFacts;
  /** When it is sent, in seconds since 1970. */
  readonly at: number;
  /** What conntrack must say of it. */
  readonly state: StateName;
  /** It is the first packet that conntrack sees of its connection, or none. */
  readonly opens: boolean;
  /** It hangs on something with a memory: a `limit` has to be used up first, a `recent` list to be filled. */
  readonly asksMemory: boolean;
  /** It hangs on what the host is: whether an address is its own. */
  readonly asksHost: boolean;
}

const withPorts: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);

/** Documentation addresses (RFC 5737, RFC 3849): the host's own, somebody else's, and a third one's behind the host. */
const usual = {
  ipv4: { host: "192.0.2.1", loopback: "127.0.0.1" },
  ipv6: { host: "2001:db8::1", loopback: "::1" },
} as const;
const farEnds = {
  ipv4: (salt: number) => ({
    other: `198.51.100.${((salt + 6) % 250) + 1}`,
    behind: `203.0.113.${((salt + 9) % 250) + 1}`,
  }),
  ipv6: (salt: number) => ({
    other: `2001:db8:ffff::${(7 + (salt % 1000)).toString(16)}`,
    behind: `2001:db8:aaaa::${(16 + (salt % 1000)).toString(16)}`,
  }),
} as const;
const firstPort = 40000;
const portCount = 20000;

/** A packet of the set that looks like a person's; `undefined` where its words cannot be found. */
export function pickPacket(
  space: PacketSpace,
  packets: PacketSet,
  path: Path,
  state: StateName,
  taste: Taste,
): PickedPacket | undefined {
  const narrowing = new Narrowing(space, packets);
  if (packets === 0 || !narrowing.wish(space.domain(path)) || !narrowing.wish(space.ct.state(state)))
    return undefined;
  const opens = state !== "NEW" || narrowing.wish(space.ct.opens);
  wishOrdinary(narrowing);
  const devices = pickDevices(narrowing, path, taste.interfaces);
  const at = settleMoment(narrowing, taste.now);
  if (!devices || at === undefined) return undefined;
  // in the order of the diagrams: what stands on top makes them small
  const addresses = pickAddresses(narrowing, path, devices, taste.salt ?? 0);
  const protocol = pickProtocol(narrowing, state);
  const transport = pickTransport(narrowing, protocol, state, taste.salt ?? 0);
  const text = patternOf(narrowing, taste.patterns);
  const header = headerLength(space, protocol, transport);
  const start = transport.fragment ? fragmentData(narrowing) : undefined;
  const data = text ? padded(text, header) : start;
  const usualLength = header + (data?.length ?? (transport.fragment ? usualFragmentBytes : 0));
  const more = [...furtherWords(narrowing, usualLength), ...dataWords(data)];
  return {
    facts: { ...devices, protocol, ...addresses, ...transport, more },
    at,
    state,
    opens,
    asksMemory: space.freeOf(narrowing.set).some(({ kind }) => kind === "stateful"),
    asksHost: settledNames(narrowing).some((name) => / type is /.test(name)),
  };
}

function wishOrdinary(narrowing: Narrowing): void {
  const { space } = narrowing;
  const { bdd, layout, ct } = space;
  narrowing.wishValue(fields.fragmentOffset, 0);
  narrowing.wishValue(fields.mark, 0);
  narrowing.wish(bdd.not(bdd.variable(layout.owned)));
  narrowing.wish(bdd.not(ct.sourceNat));
  narrowing.wish(bdd.not(ct.destinationNat));
  narrowing.wish(bdd.not(ct.bound));
  // words say no TCP options
  for (const [, level] of layout.presenceEntries) narrowing.wish(bdd.not(bdd.variable(level)));
  // a memory's first packet passes (limit …); bytes that nobody sees hold no pattern
  for (const { level, kind } of space.freeOf(narrowing.set)) {
    const variable = bdd.variable(level);
    narrowing.wish(kind === "stateful" ? variable : bdd.not(variable));
  }
  narrowing.wishValue(fields.packetType, ...packetTypes(settledNames(narrowing)), 0);
}

/** As linux/if_packet.h numbers them: a frame to a broadcast address is a broadcast, as an ordinary sender makes it. */
const packetTypes = (names: readonly string[]): readonly number[] => {
  const isOf = (type: string): boolean => names.includes(`destination type is ${type}`);
  return isOf("BROADCAST") ? [1] : isOf("MULTICAST") ? [2] : [];
};

type Devices = Pick<PacketFacts, "inDevice" | "outDevice">;

function pickDevices(narrowing: Narrowing, path: Path, names: readonly string[]): Devices | undefined {
  const take = (field: "inDevice" | "outDevice", list: readonly string[]) =>
    list.find((name) => narrowing.wish(narrowing.space.device(field, name, false)));
  const inDevice = path === "OUTPUT" ? undefined : take("inDevice", names);
  if (path !== "OUTPUT" && inDevice === undefined) return undefined;
  if (path === "INPUT") return { ...(inDevice === undefined ? {} : { inDevice }) };
  // what is forwarded leaves by another interface if it can
  const outDevice = take("outDevice", [...names.filter((name) => name !== inDevice), ...names]);
  if (outDevice === undefined) return undefined;
  return { ...(inDevice === undefined ? {} : { inDevice }), outDevice };
}

const icmpOf = ({ family }: PacketSpace): number => (family === "ipv4" ? 1 : 58);

function pickProtocol(narrowing: Narrowing, state: StateName): number {
  const icmp = icmpOf(narrowing.space);
  // SCTP, GRE and ESP are what else is seen; 0 is no protocol in iptables' words
  const order = [...(state === "RELATED" ? [icmp, 6, 17] : [6, 17, icmp]), 132, 47, 50];
  narrowing.wish(narrowing.space.not(narrowing.having(fields.protocol, 0)));
  return Number(narrowing.settle(fields.protocol, ...order));
}

/** Flags that make conntrack say so of a segment, the usual ones first. */
const flagsOf: Readonly<Record<StateName, readonly number[]>> = {
  NEW: [synFlag, ackFlag, 24],
  ESTABLISHED: [ackFlag, 24, 18, 17],
  RELATED: [synFlag, ackFlag],
  INVALID: [18, 4, 17, 0],
  UNTRACKED: [synFlag, ackFlag, 24],
};

/** ICMP and ICMPv6 types, likewise: requests are new, replies to nothing invalid, errors related. */
const icmpTypesOf = {
  ipv4: { NEW: [8], ESTABLISHED: [0, 8], RELATED: [3, 11, 12], INVALID: [0, 3], UNTRACKED: [8] },
  ipv6: { NEW: [128], ESTABLISHED: [129, 128], RELATED: [1, 3, 2], INVALID: [129, 1], UNTRACKED: [128, 135] },
} as const satisfies Record<string, Record<StateName, readonly number[]>>;

/** The indices of ESP, AH and IPComp, with those that words leave unsaid (packet-defaults.ts). */
const indexFields: Readonly<Record<number, readonly [Field, usual: number]>> = {
  50: [fields.espSpi, 256],
  51: [fields.ahSpi, 256],
  108: [fields.ipcompCpi, 2],
};

function pickTransport(
  narrowing: Narrowing,
  protocol: number,
  state: StateName,
  salt: number,
): Partial<PacketFacts> {
  const { space } = narrowing;
  if (narrowing.value(fields.fragmentOffset) !== 0n) return { fragment: true };
  if (protocol === icmpOf(space)) {
    const type = Number(narrowing.settle(fields.icmpType, ...icmpTypesOf[space.family][state]));
    return { icmp: { type, code: Number(narrowing.settle(fields.icmpCode, 0)) } };
  }
  const index = indexFields[protocol];
  if (index) {
    const [field, usualIndex] = index;
    const spi = Number(narrowing.settle(field, usualIndex));
    return spi === usualIndex ? {} : { spi };
  }
  if (!withPorts.has(protocol)) return {};
  const sourcePort = narrowing.settle(fields.sourcePort, firstPort + (salt % portCount), firstPort, 1024);
  const destinationPort = narrowing.settle(fields.destinationPort, 80, 22, 443, 53, 8080);
  const ports = { sourcePort: Number(sourcePort), destinationPort: Number(destinationPort) };
  if (protocol !== 6) return ports;
  return { ...ports, tcpFlags: Number(narrowing.settle(fields.tcpFlags, ...flagsOf[state])) };
}

function pickAddresses(
  narrowing: Narrowing,
  path: Path,
  { inDevice, outDevice }: Devices,
  salt: number,
): Pick<PacketFacts, "source" | "destination"> {
  const { family } = narrowing.space;
  const { host, loopback } = usual[family];
  const { other, behind } = farEnds[family](salt);
  const isInner = (path === "INPUT" ? inDevice : path === "OUTPUT" ? outDevice : undefined) === "lo";
  const [from, to] = isInner
    ? [loopback, loopback]
    : { INPUT: [other, host], OUTPUT: [host, other], FORWARD: [other, behind] }[path];
  const types = settledNames(narrowing);
  const pick = (field: Field, end: "source" | "destination", wished: string | undefined): string => {
    const special = types.flatMap((name) => ofType[name.split(`${end} type is `)[1] ?? ""] ?? []);
    const wishes = [...special, wished ?? ""]
      .map((text) => parseAddress(text))
      .filter((address) => address !== undefined)
      .filter((address) => familyOf(address) === family);
    const taken = wishes.find((address) => narrowing.wishValue(field, address));
    if (taken !== undefined) return printAddress(taken);
    wishUnicast(narrowing, field, salt);
    const value = narrowing.value(field);
    return printAddress(family === "ipv4" ? Number(value) : value);
  };
  return {
    source: pick(sourceField(family), "source", from),
    destination: pick(destinationField(family), "destination", to),
  };
}

/** Neither 0.0.0.0/8, loopback nor multicast; and the last byte of a host. */
function wishUnicast(narrowing: Narrowing, field: Field, salt: number): void {
  const { bdd, family } = narrowing.space;
  const vector = narrowing.space.vector(field);
  if (family === "ipv4") {
    narrowing.wish(
      inRanges(bdd, vector, [
        [0x01000000, 0x7effffff],
        [0x80000000, 0xdfffffff],
      ]),
    );
    for (const last of [((salt + 6) % 250) + 1, 7, 1, 9])
      if (narrowing.wish(masked(bdd, vector, 0xff, last))) return;
    return;
  }
  narrowing.wish(inRanges(bdd, vector, [[1n << 125n, (1n << 126n) - 1n]]));
  narrowing.wish(masked(bdd, vector, 0xffffn, 7n));
}

/** What sets cannot see and must hold for the packets that are left. */
const settledNames = ({ space, set }: Narrowing): readonly string[] =>
  space
    .freeOf(set)
    .filter(({ level }) => space.disjoint(set, space.not(space.bdd.variable(level))))
    .map(({ name }) => name);

/** Addresses that are of a type on every host (`-m addrtype`). */
const ofType: Readonly<Record<string, readonly string[]>> = {
  BROADCAST: ["255.255.255.255"],
  MULTICAST: ["224.0.0.1", "ff02::1"],
};

/** The text that the packet must hold, where there is one. */
function patternOf(narrowing: Narrowing, patterns: ReadonlyMap<string, Pattern>): Pattern | undefined {
  if (patterns.size === 0) return undefined;
  return settledNames(narrowing)
    .map((name) => patterns.get(name))
    .find((pattern) => pattern !== undefined);
}

/** Bytes of the IP and transport headers, an ICMP error's quote among them. */
const headerLength = ({ family }: PacketSpace, protocol: number, { icmp, fragment }: Partial<PacketFacts>) =>
  (family === "ipv4" ? 20 : 40) + (fragment ? 0 : transportHeaderLength(protocol, icmp?.type ?? 0));

function padded({ bytes, from }: Pattern, header: number): Uint8Array {
  const data = new Uint8Array(Math.max(0, from - header) + bytes.length);
  data.set(bytes, data.length - bytes.length);
  return data;
}

const dataWords = (data: Uint8Array | undefined): readonly string[] => {
  if (!data) return [];
  const text = String.fromCharCode(...data);
  return /^[\w.:/-]+$/.test(text) ? [`--string ${text}`] : [`--hex-string '|${toHex(data)}|'`];
};

function furtherWords(narrowing: Narrowing, usualLength: number): readonly string[] {
  const words: string[] = [];
  const add = (option: string, field: Field, usualValue: number, show: (value: bigint) => string): void => {
    const value = narrowing.settle(field, usualValue);
    if (value !== BigInt(usualValue)) words.push(`${option} ${show(value)}`);
  };
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  add("--length", fields.length, usualLength, String);
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
