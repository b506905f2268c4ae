import { type Address, type Family, parseAddress } from "../../packet/address.ts";
import { complain } from "./complaint.ts";
import type { LineWord } from "./line-words.ts";
import type { OptionWords } from "./option-words.ts";
import { hostPrefix } from "./part.ts";
import { readBitmapPorts } from "./port-part.ts";
import { readAddresses } from "./read-addresses.ts";
import { readMark } from "./read-element.ts";
import { type SetOptions, usualOptions } from "./set-options.ts";
import { hasNets, type SetType } from "./set-type.ts";

/** Seconds; more do not fit the kernel's ticks. */
export const maxTimeout = 2147483;
/** Elements of a bitmap (IPSET_BITMAP_MAX_RANGE + 1). */
const maxBitmap = 65536;

type Draft = { -readonly [K in keyof SetOptions]: SetOptions[K] };

/** Options of every type, of all hashes, and ones of ipset 4 that take a value and mean nothing. */
const common = new Set(["timeout", "counters", "comment", "skbinfo"]);
const ofHashes = new Set(["hashsize", "maxelem", "bucketsize", "initval", "forceadd"]);
const ignored = new Set(["probes", "resize", "gc"]);
const flags = { counters: "counters", comment: "comment", skbinfo: "skbinfo", forceadd: "forceAdd" } as const;
const families: ReadonlyMap<string, Family> = new Map([
  ["inet", "ipv4"],
  ["ipv4", "ipv4"],
  ["-4", "ipv4"],
  ["inet6", "ipv6"],
  ["ipv6", "ipv6"],
  ["-6", "ipv6"],
]);

function knows({ name, storage, families: ofType, options }: SetType, option: string): boolean {
  if (common.has(option)) return true;
  if (option === "family" || option === "-4" || option === "-6")
    return storage === "hash" && ofType === "both";
  if (option === "netmask" || option === "bitmask" || option === "markmask")
    return options?.includes(option) === true;
  if (option === "size") return storage === "list";
  if (option === "range" || option === "from" || option === "to") return storage === "bitmap";
  return (
    (storage === "hash" && (ofHashes.has(option) || ignored.has(option))) ||
    (name === "hash:net,iface" && option === "wildcard")
  );
}

/** What stands behind `create NAME TYPE`. */
export function readOptions(type: SetType, words: OptionWords): SetOptions {
  const draft: Draft = { ...usualOptions };
  // a mask is read by the family, which may stand behind it
  const masks: { option: string; value: LineWord }[] = [];
  const ends: LineWord[] = [];
  for (let word = words.next(); word; word = words.next()) {
    const { text } = word;
    if (!knows(type, text)) complain(`Unknown argument: \`${text}'`, word.span);
    if (text in flags) draft[flags[text as keyof typeof flags]] = true;
    else if (text === "netmask" || text === "bitmask") masks.push({ option: text, value: words.value(word) });
    else if (text === "range" || text === "from" || text === "to") ends.push(words.value(word));
    else readValue(draft, word, words);
  }
  for (const { option, value } of masks) {
    if (option === "netmask") draft.netmask = readNetmask(value, draft.family);
    else draft.bitmask = readBitmask(value, draft.family);
  }
  if (draft.netmask !== undefined && draft.bitmask !== undefined) {
    complain("netmask and bitmask options are mutually exclusive, provide only one");
  }
  if (type.storage === "bitmap") draft.range = readRange(type, ends, draft.netmask);
  return draft;
}

function readValue(draft: Draft, word: LineWord, words: OptionWords): void {
  switch (word.text) {
    case "-4":
    case "-6":
      draft.family = families.get(word.text) ?? draft.family;
      return;
    case "family": {
      const { text, span } = words.value(word);
      draft.family = families.get(text) ?? complain(`unknown inet family ${text}`, span);
      return;
    }
    case "timeout":
      draft.timeout = words.number(word, 0, maxTimeout);
      return;
    case "hashsize":
      draft.hashSize = 2 ** Math.ceil(Math.log2(Math.max(64, words.number(word, 0, 0xffffffff))));
      return;
    case "maxelem":
      draft.maxElements = words.number(word, 0, 0xffffffff);
      return;
    case "bucketsize": {
      const size = words.number(word, 0, 255);
      draft.bucketSize = Math.min(12, Math.max(2, size + (size % 2)));
      return;
    }
    case "initval":
      draft.initialValue = words.number(word, 0, 0xffffffff);
      return;
    case "size":
      draft.size = Math.max(4, words.number(word, 0, 0xffffffff));
      return;
    case "markmask": {
      const { text, span } = words.value(word);
      draft.markMask = readMark(text) || complain("The value of the markmask parameter is invalid", span);
      return;
    }
    default:
      words.value(word);
  }
}

function readNetmask({ text, span }: LineWord, family: Family): number {
  const most = hostPrefix(family);
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) complain(`netmask is out of the inclusive range of 1-${most}`, span);
  return value;
}

function readBitmask({ text, span }: LineWord, family: Family): Address {
  const mask = parseAddress(text);
  if (mask === undefined || typeof mask !== (family === "ipv4" ? "number" : "bigint") || !mask) {
    complain(`bitmask ${text} is invalid`, span);
  }
  return mask as Address;
}

function readRange(
  { name, parts }: SetType,
  ends: readonly LineWord[],
  netmask: number | undefined,
): readonly [number, number] {
  const [first, last] = ends;
  if (!first) complain("Mandatory option `range' is missing");
  const text = last ? `${first.text}-${last.text}` : first.text;
  if (parts[0] === "port") {
    const { low, high } = readBitmapPorts(text);
    return [low, high];
  }
  const { low, high, prefix } = readAddresses(text, "ipv4");
  if (low === high && prefix === undefined) complain(`${name} needs a range or a network`, first.span);
  const hosts = netmask === undefined ? 1 : 2 ** (32 - netmask);
  if ((Number(high) - Number(low) + 1) / hosts > maxBitmap) {
    complain("The range you specified exceeds the size limit of the set type", first.span);
  }
  return [Number(low), Number(high)];
}

/** Options behind an element that only some types have. */
export const elementOptions = (type: SetType): ReadonlySet<string> =>
  new Set([
    ...(hasNets(type) ? ["nomatch"] : []),
    ...(type.name === "hash:net,iface" ? ["wildcard"] : []),
    ...(type.storage === "list" ? ["before", "after"] : []),
  ]);
