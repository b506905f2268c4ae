import { type ArgSite, bad, ok, type Result } from "../arg-types/arg-type.ts";
import { icmpType, icmpv6Type } from "../arg-types/icmp-type.ts";
import { macAddress } from "../arg-types/mac-address.ts";
import { markMask } from "../arg-types/mark.ts";
import { parseNumber } from "../arg-types/number.ts";
import { parsePort } from "../arg-types/port.ts";
import { hexPattern } from "../arg-types/string-pattern.ts";
import { tosMask } from "../arg-types/tos.ts";
import { type Address, familyOf, parseAddress } from "../packet/address.ts";
import { protocolByName } from "../packet/protocols.ts";
import { type SocketKind, socketKinds, type Told } from "../packet/told.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What a packet's words say, before defaults fill the rest. */
export interface PacketWish extends Writable<Told> {
  inDevice?: string;
  outDevice?: string;
  protocol?: number;
  source?: Address;
  destination?: Address;
  sourcePort?: number;
  destinationPort?: number;
  tcpFlags?: number;
  icmp?: { readonly type: number; readonly code: number };
  spi?: number;
  macSource?: Uint8Array;
  mark?: number;
  ttl?: number;
  tos?: number;
  length?: number;
  data?: Uint8Array;
  fragment?: true;
  ctState?: PacketCtState;
  uid?: number;
  gid?: number;
}

/** What conntrack may be told to say of a packet. */
export const packetCtStates = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"] as const;
export type PacketCtState = (typeof packetCtStates)[number];

export interface PacketOption {
  readonly names: readonly string[];
  /** The part of the wish that it sets: given twice, the option is repeated. */
  readonly sets: keyof PacketWish | undefined;
  /** Words that follow it; `--tcp-flags` takes the second one where it is there. */
  readonly words: 0 | 1 | "1 or 2";
  /** The option belongs to one of these protocols. */
  readonly protocols?: readonly number[];
  read?(words: readonly string[], site: ArgSite): Result<Partial<PacketWish>>;
}

/** A reader for an option with one word. */
const one =
  <V>(parse: (text: string, site: ArgSite) => Result<V>, make: (value: V) => Partial<PacketWish>) =>
  ([text = ""]: readonly string[], site: ArgSite): Result<Partial<PacketWish>> => {
    const value = parse(text, site);
    return value.ok ? ok(make(value.value)) : value;
  };

const number =
  (max: number, min = 0) =>
  (text: string): Result<number> => {
    const value = parseNumber(text, min, max);
    return value === undefined ? bad(`\`${text}\` is no number from ${min} to ${max}`) : ok(value);
  };

function address(text: string, { family }: ArgSite): Result<Address> {
  const value = parseAddress(text.replace(family === "ipv4" ? /\/32$/ : /\/128$/, ""));
  if (value !== undefined) {
    if (familyOf(value) === family) return ok(value);
    return bad(`\`${text}\` is no ${family === "ipv4" ? "IPv4" : "IPv6"} address`);
  }
  if (/[/,-]/.test(text)) {
    return bad(`\`${text}\` is a set of addresses, and a packet has one`, "write one address of it");
  }
  return bad(`\`${text}\` is no address`, "host names are not resolved: write the address");
}

function port(text: string, { protocol }: ArgSite): Result<number> {
  if (/^\d+[,:]/.test(text)) {
    return bad(`\`${text}\` is a set of ports, and a packet has one`, "write one port of it");
  }
  return parsePort(text, protocol);
}

function protocol(text: string): Result<number> {
  const value = parseNumber(text, 0, 255) ?? protocolByName(text);
  if (value === undefined) return bad(`unknown protocol \`${text}\``);
  return value === 0 ? bad("a packet has one protocol", "write e.g. -p tcp") : ok(value);
}

function device(text: string): Result<string> {
  if (text.endsWith("+")) {
    return bad(`\`${text}\` is a set of interfaces, and a packet has one`, "write one interface of it");
  }
  return text === "" || text.length > 15 || /[\s/]/.test(text)
    ? bad(`\`${text}\` is no name of an interface`)
    : ok(text);
}

function icmp(words: readonly string[], site: ArgSite): Result<Partial<PacketWish>> {
  const argType = site.family === "ipv4" ? icmpType : icmpv6Type;
  const read = argType.parse(words, site);
  if (!read.ok) return read;
  const { type, codes } = read.value;
  if (site.family === "ipv4" && type === 255) {
    return bad("`any` is a set of types, and a packet has one", "write e.g. --icmp-type echo-request");
  }
  return ok({ icmp: { type, code: codes[0] } });
}

function value(read: Result<{ value: number; mask: number }>, whole: number): Result<number> {
  if (!read.ok) return read;
  const isWhole = (read.value.mask & whole) >>> 0 === whole;
  return isWhole ? ok(read.value.value) : bad("a mask makes it a set, and a packet has one value");
}

const flagBits: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ECE: 64,
  CWR: 128,
  ALL: 63,
  NONE: 0,
};

/** The bits of `SYN,ACK`; `undefined` where a name is unknown. */
export function parseFlagNames(text: string): number | undefined {
  let bits = 0;
  for (const word of text.split(",")) {
    const name = word.toUpperCase();
    if (!Object.hasOwn(flagBits, name)) return undefined;
    bits |= flagBits[name] ?? 0;
  }
  return bits;
}

function flags(words: readonly string[]): Result<Partial<PacketWish>> {
  const sets = words.map(parseFlagNames);
  const wrong = sets.indexOf(undefined);
  if (wrong >= 0) return bad(`\`${words[wrong]}\` is no list of TCP flags`, "write e.g. SYN,ACK");
  const [first = 0, second] = sets;
  if (second === undefined) return ok({ tcpFlags: first });
  return (second & ~first) === 0
    ? ok({ tcpFlags: second })
    : bad(`no packet has flags ${words[1]} among ${words[0]} alone`);
}

const isCtState = (text: string): text is PacketCtState =>
  (packetCtStates as readonly string[]).includes(text);

function ctState(text: string): Result<PacketCtState> {
  const name = text.toUpperCase();
  if (isCtState(name)) return ok(name);
  return name.includes(",")
    ? bad(`\`${text}\` is a set of states, and a packet has one`)
    : bad(`\`${text}\` is no state of these: ${packetCtStates.join(", ")}`);
}

function socketKind(text: string): Result<SocketKind> {
  const kind = socketKinds.find((each) => each === text);
  return kind ? ok(kind) : bad(`\`${text}\` is none of these: ${socketKinds.join(", ")}`);
}

const policyKind = (text: string): Result<boolean> =>
  text === "none" || text === "ipsec" ? ok(text === "ipsec") : bad(`\`${text}\` is neither none nor ipsec`);

const macBytes = (mac: number): Uint8Array =>
  Uint8Array.from([40, 32, 24, 16, 8, 0], (shift) => Math.floor(mac / 2 ** shift) % 256);

const withPorts = [6, 17, 33, 132, 136];

/** The words of a packet. `--name=value` and `-ptcp` are taken as well. */
export const packetOptions: readonly PacketOption[] = [
  {
    names: ["-i", "--in-interface"],
    sets: "inDevice",
    words: 1,
    read: one(device, (inDevice) => ({ inDevice })),
  },
  {
    names: ["-o", "--out-interface"],
    sets: "outDevice",
    words: 1,
    read: one(device, (outDevice) => ({ outDevice })),
  },
  {
    names: ["-p", "--protocol", "--proto"],
    sets: "protocol",
    words: 1,
    read: one(protocol, (value) => ({ protocol: value })),
  },
  {
    names: ["-s", "--source", "--src"],
    sets: "source",
    words: 1,
    read: one(address, (source) => ({ source })),
  },
  {
    names: ["-d", "--destination", "--dst"],
    sets: "destination",
    words: 1,
    read: one(address, (destination) => ({ destination })),
  },
  {
    names: ["--sport", "--source-port", "--sports", "--source-ports"],
    sets: "sourcePort",
    words: 1,
    protocols: withPorts,
    read: one(port, (sourcePort) => ({ sourcePort })),
  },
  {
    names: ["--dport", "--destination-port", "--dports", "--destination-ports"],
    sets: "destinationPort",
    words: 1,
    protocols: withPorts,
    read: one(port, (destinationPort) => ({ destinationPort })),
  },
  { names: ["--syn"], sets: "tcpFlags", words: 0, protocols: [6], read: () => ok({ tcpFlags: 2 }) },
  { names: ["--tcp-flags"], sets: "tcpFlags", words: "1 or 2", protocols: [6], read: flags },
  { names: ["--icmp-type", "--icmpv6-type"], sets: "icmp", words: 1, protocols: [1, 58], read: icmp },
  ...(
    [
      ["--espspi", 50, 0xffffffff],
      ["--ahspi", 51, 0xffffffff],
      ["--ipcompspi", 108, 0xffff],
    ] as const
  ).map(
    ([name, protocol, max]): PacketOption => ({
      names: [name],
      sets: "spi",
      words: 1,
      protocols: [protocol],
      read: one(number(max), (spi) => ({ spi })),
    }),
  ),
  {
    names: ["--mac-source"],
    sets: "macSource",
    words: 1,
    read: one(
      (text, site) => macAddress.parse([text], site),
      (mac) => ({ macSource: macBytes(mac) }),
    ),
  },
  {
    names: ["--mark"],
    sets: "mark",
    words: 1,
    read: one(
      (text, site) => value(markMask.parse([text], site), 0xffffffff),
      (mark) => ({ mark }),
    ),
  },
  {
    names: ["--ttl", "--ttl-eq", "--hl", "--hl-eq"],
    sets: "ttl",
    words: 1,
    read: one(number(255), (ttl) => ({ ttl })),
  },
  {
    names: ["--tos"],
    sets: "tos",
    words: 1,
    read: one(
      (text, site) => value(tosMask.parse([text], site), 0x3f),
      (tos) => ({ tos }),
    ),
  },
  { names: ["--length"], sets: "length", words: 1, read: one(number(65535), (length) => ({ length })) },
  {
    names: ["--string"],
    sets: "data",
    words: 1,
    read: one(
      (text) => ok(new TextEncoder().encode(text)),
      (data) => ({ data }),
    ),
  },
  {
    names: ["--hex-string"],
    sets: "data",
    words: 1,
    read: one(
      (text, site) => hexPattern.parse([text], site),
      (data) => ({ data }),
    ),
  },
  { names: ["-f", "--fragment"], sets: "fragment", words: 0, read: () => ok({ fragment: true }) },
  {
    names: ["--ctstate", "--state"],
    sets: "ctState",
    words: 1,
    read: one(ctState, (state) => ({ ctState: state })),
  },
  { names: ["--uid-owner"], sets: "uid", words: 1, read: one(number(0xfffffffe), (uid) => ({ uid })) },
  { names: ["--gid-owner"], sets: "gid", words: 1, read: one(number(0xfffffffe), (gid) => ({ gid })) },
  { names: ["--cpu"], sets: "cpu", words: 1, read: one(number(0xffffffff), (cpu) => ({ cpu })) },
  { names: ["--cgroup"], sets: "cgroup", words: 1, read: one(number(0xffffffff), (cgroup) => ({ cgroup })) },
  { names: ["--path"], sets: "cgroupPath", words: 1, read: one(ok, (cgroupPath) => ({ cgroupPath })) },
  { names: ["--socket"], sets: "socket", words: 1, read: one(socketKind, (socket) => ({ socket })) },
  { names: ["--physdev-in"], sets: "bridgeIn", words: 1, read: one(device, (bridgeIn) => ({ bridgeIn })) },
  {
    names: ["--physdev-out"],
    sets: "bridgeOut",
    words: 1,
    read: one(device, (bridgeOut) => ({ bridgeOut })),
  },
  { names: ["--pol"], sets: "ipsec", words: 1, read: one(policyKind, (ipsec) => ({ ipsec })) },
  { names: ["--genre"], sets: "genre", words: 1, read: one(ok, (genre) => ({ genre })) },
  // words of a rule that say nothing about a packet
  { names: ["-m", "--match", "--algo", "--comment"], sets: undefined, words: 1 },
  { names: ["--icase"], sets: undefined, words: 0 },
];
