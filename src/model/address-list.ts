import { type Address, type Family, maskAddress, parseAddress, prefixMask } from "../packet/address.ts";
import type { Word } from "../syntax/tree.ts";
import { refuse } from "./refusal.ts";

export interface Network {
  readonly address: Address;
  readonly mask: Address;
}

/** An unsigned number as strtoul(3) with base 0 reads it: decimal, 0x…, 0…; `undefined` beyond `max`. */
export function parseUnsigned(text: string, max: number): number | undefined {
  const [, digits] = /^[ \t\n\v\f\r]*\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const octal = /^0[0-7]+$/.test(digits);
  const value = octal ? Number.parseInt(digits, 8) : Number(digits);
  return value <= max ? value : undefined;
}

/** Dotted IPv4, as libxtables reads it: bytes in any base of C; missing ones are 0 unless `whole` is asked for. */
function parseDotted(text: string, whole: boolean): number | undefined {
  const parts = text.split(".");
  if (parts.length > 4 || (whole && parts.length < 4)) return undefined;
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = i < parts.length ? parseUnsigned(parts[i]!, 255) : 0;
    if (byte === undefined) return undefined;
    value = value * 256 + byte;
  }
  return value;
}

function parseFull6(text: string): bigint | undefined {
  const address = parseAddress(text);
  return typeof address === "bigint" ? address : undefined;
}

function parseMask(text: string, family: Family): Address | undefined {
  const mask = family === "ipv4" ? parseDotted(text, true) : parseFull6(text);
  if (mask !== undefined) return mask;
  const length = parseUnsigned(text, family === "ipv4" ? 32 : 128);
  return length === undefined ? undefined : prefixMask(family, length);
}

/** The names that every Linux knows: /etc/networks (IPv4 only) and /etc/hosts. Others would need a resolver. */
const localNames: Readonly<Record<Family, Readonly<Record<string, Address>>>> = {
  ipv4: { default: 0, loopback: 0x7f000000, "link-local": 0xa9fe0000, localhost: 0x7f000001 },
  ipv6: { localhost: 1n, "ip6-localhost": 1n, "ip6-loopback": 1n },
};

function parseNetwork(text: string, family: Family, word: Word): Network {
  const slash = text.lastIndexOf("/");
  const written = slash < 0 ? text : text.slice(0, slash);
  const mask =
    slash < 0 ? prefixMask(family, family === "ipv4" ? 32 : 128) : parseMask(text.slice(slash + 1), family);
  if (mask === undefined) {
    const help =
      family === "ipv4" ? "write a length of 0 to 32 or a dotted mask" : "write a length of 0 to 128";
    return refuse("bad-value", `invalid mask \`${text.slice(slash + 1)}' specified`, word.span, help);
  }
  // libxtables doesn't look at the address behind which stands /0
  const any = BigInt(mask) === 0n;
  const zero = family === "ipv4" ? 0 : 0n;
  const numeric = family === "ipv4" ? parseDotted(written, false) : parseFull6(written);
  const address = any ? zero : (numeric ?? localNames[family][written]);
  if (address === undefined) {
    const looksNumeric = /^[0-9a-fA-F.:]*$/.test(written);
    const help = looksNumeric ? undefined : "names are not looked up: write the address";
    return refuse("bad-value", `host/network \`${written}' not found`, word.span, help);
  }
  return { address: maskAddress(address, mask), mask };
}

/** The networks of `-s a,b/len,c/mask`, in order. Refuses what libxtables refuses. */
export function parseAddressList(word: Word, family: Family): readonly Network[] {
  return word.text.split(",").map((part) => parseNetwork(part.replace(/^[ \t\n\v\f\r]+/, ""), family, word));
}
