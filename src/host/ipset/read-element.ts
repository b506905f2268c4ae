import { macAddress } from "../../arg-types/mac-address.ts";
import type { Family } from "../../packet/address.ts";
import { complain } from "./complaint.ts";
import type { SetKind } from "./ip-set.ts";
import { hostPrefix, type Part } from "./part.ts";
import { type PortRange, readBitmapPorts, readPorts } from "./port-part.ts";
import { type AddressSpan, hostsOf, networksOf, readAddresses } from "./read-addresses.ts";
import type { PartKind } from "./set-type.ts";

const ordinals = ["First", "Second", "Third"] as const;

/** Splits at commas, but not within brackets. */
const commaWords = (text: string): readonly string[] => {
  const words: string[] = [""];
  let depth = 0;
  for (const char of text) {
    depth += char === "[" ? 1 : char === "]" ? -1 : 0;
    if (char === "," && depth <= 0) words.push("");
    else words[words.length - 1] += char;
  }
  return words;
};

/** Every element that an entry of a command names: ranges and networks of hosts stand for many. */
export function readElements(text: string, set: SetKind, wildcard: boolean): Iterable<readonly Part[]> {
  const { name, parts } = set.type;
  const words = commaWords(text);
  if (words.length > parts.length) {
    const ending = parts.length === 1 ? "none" : `${parts.length - 1} only`;
    complain(`Elem separator in ${text}, but settype ${name} supports ${ending}.`);
  }
  const optional = name === "bitmap:ip,mac" ? 1 : parts.length;
  if (words.length < Math.min(parts.length, optional)) {
    complain(`${ordinals[words.length] ?? "Next"} element is missing from ${text}.`);
  }
  const dimensions = parts.map((kind, index) => readPart(kind, words[index], index, set, wildcard));
  return product(dimensions);
}

function readPart(
  kind: PartKind,
  text: string | undefined,
  index: number,
  set: SetKind,
  wildcard: boolean,
): readonly Part[] | Iterable<Part> {
  const { family } = set.options;
  if (text === undefined) return [{ kind: "mac", address: undefined }];
  switch (kind) {
    case "ip":
      return readIp(text, index, set);
    case "net":
      return readNet(text, family, set.type.wholeNet === true);
    case "port":
      return [
        ...portsOf(set.type.storage === "bitmap" ? readBitmapPorts(text) : readPorts(text, family), set),
      ];
    case "mac":
      return [{ kind, address: readMac(text, set) }];
    case "mark":
      return [{ kind, mark: (readMark(text) & set.options.markMask) >>> 0 }];
    case "iface":
      return [readInterface(text, wildcard)];
    case "set":
      return [{ kind, name: text }];
  }
}

function readIp(text: string, index: number, set: SetKind): Iterable<Part> {
  const { type, options, mask } = set;
  const { family, range, netmask } = options;
  const span = readAddresses(text, family);
  const single = span.low === span.high && (span.prefix ?? hostPrefix(family)) === hostPrefix(family);
  const oneOnly = index > 0 || type.parts.includes("mac") || family === "ipv6";
  if (oneOnly && !single) complain(`plain IP address must be supplied: ${text}`);
  if (span.prefix === 0) complain("The value of the CIDR parameter of the IP address is invalid");
  checkRange(Number(span.low), Number(span.high), range);
  if (type.noZero && span.low === (family === "ipv4" ? 0 : 0n)) {
    complain("Null-valued element, cannot be stored in a hash type of set");
  }
  if (oneOnly) return hostsOf({ ...span, prefix: undefined }, mask, 1);
  const step = netmask === undefined || type.parts.length > 1 ? 1 : 2 ** (32 - netmask);
  return hostsOf(span, mask, step);
}

function readNet(text: string, family: Family, wholeNet: boolean): Iterable<Part> {
  const span: AddressSpan = readAddresses(text, family);
  if (span.prefix === 0 && !wholeNet)
    complain("The value of the CIDR parameter of the IP address is invalid");
  if (span.prefix === undefined && span.low === 0 && span.high === 0xffffffff) {
    complain("Invalid range, covers the whole address space");
  }
  return networksOf(span, family);
}

function* portsOf({ protocol, low, high }: PortRange, set: SetKind): Iterable<Part> {
  checkRange(low, high, set.options.range);
  for (let port = low; port <= high; port++) yield { kind: "port", protocol, port };
}

function checkRange(low: number, high: number, range: readonly [number, number] | undefined): void {
  if (range && (low < range[0] || high > range[1])) complain("Element is out of the range of the set");
}

function readMac(text: string, set: SetKind): number {
  const read = macAddress.parse([text], { family: "ipv4", protocol: undefined });
  if (!read.ok) return complain(`cannot parse ${text} as ethernet address`);
  if (read.value === 0 && set.type.storage === "hash") {
    complain("Null-valued element, cannot be stored in a hash type of set");
  }
  return read.value;
}

export function readMark(text: string): number {
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value <= 0xffffffff)) complain(`'${text}' is invalid as number`);
  return value;
}

function readInterface(text: string, wildcard: boolean): Part {
  const physical = text.startsWith("physdev:");
  const name = physical ? text.slice("physdev:".length) : text;
  if (name.length > 15) complain(`interface name ${name} is longer than 15 characters`);
  return { kind: "iface", name, physical, wildcard };
}

function* product(dimensions: readonly Iterable<Part>[]): Iterable<readonly Part[]> {
  const [first, ...rest] = dimensions;
  if (!first) {
    yield [];
    return;
  }
  // the later dimensions are short lists, or begin anew each time
  const tails = [...product(rest)];
  for (const part of first) for (const tail of tails) yield [part, ...tail];
}
