import type { AddressMask } from "../arg-types/address-mask.ts";
import { parseHost, parseNumericAddress } from "../arg-types/ip-text.ts";
import { parseNumber } from "../arg-types/number.ts";
import { type Address, type Family, maskAddress, parseFourDecimals, prefixMask } from "../packet/address.ts";
import type { Word } from "../syntax/tree.ts";
import { refuse } from "./refusal.ts";

/** Behind the slash: a mask of four numbers, an IPv6 mask, or a length in any base of C. */
function parseMask(text: string, family: Family): Address | undefined {
  const isMask = family === "ipv6" || text.split(".").length === 4;
  const mask = isMask ? parseNumericAddress(text, family) : undefined;
  if (mask !== undefined) return mask;
  const length = parseNumber(text, 0, family === "ipv4" ? 32 : 128);
  return length === undefined ? undefined : prefixMask(family, length);
}

/** The names that every Linux knows: /etc/networks (IPv4 only) and /etc/hosts. Others would need a resolver. */
const localNames: Readonly<Record<Family, Readonly<Record<string, Address>>>> = {
  ipv4: { default: 0, loopback: 0x7f000000, "link-local": 0xa9fe0000, localhost: 0x7f000001 },
  ipv6: { localhost: 1n, "ip6-localhost": 1n, "ip6-loopback": 1n },
};

function parseNetwork(text: string, family: Family, word: Word): AddressMask {
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
  const zero = family === "ipv4" ? 0 : 0n;
  const any = mask === zero;
  const address = any
    ? zero
    : (parseNumericAddress(written, family) ?? localNames[family][written] ?? parseHost(written, family));
  if (address === undefined) {
    const looksNumeric = /^[0-9a-fA-F.:]*$/.test(written);
    const help = looksNumeric ? undefined : "names are not looked up: write the address";
    return refuse("bad-value", `host/network \`${written}' not found`, word.span, help);
  }
  return { address: maskAddress(address, mask), mask };
}

/**
 * `192.0.2.0/24`, as iptables-save writes nearly all networks of IPv4; `undefined` for any other text, for /0 and for an
 * address with bits behind the mask.
 */
export function parsePlainNetwork(text: string): AddressMask | undefined {
  const slash = text.lastIndexOf("/");
  const length = digitAt(text, slash + 1);
  const second = digitAt(text, slash + 2);
  const prefix = slash + 2 === text.length ? length : slash + 3 === text.length ? length * 10 + second : 0;
  // NaN is no prefix either
  if (!(length > 0 && prefix <= 32 && prefix > 0)) return undefined;
  const address = parseFourDecimals(text, slash);
  if (address === undefined) return undefined;
  const mask = prefixMask("ipv4", prefix);
  return maskAddress(address, mask) === address ? { address, mask } : undefined;
}

const digitAt = (text: string, at: number): number => {
  const digit = text.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
};

/** The networks of `-s a,b/len,c/mask`, in order. Refuses what libxtables refuses. */
export function parseAddressList(word: Word, family: Family): readonly AddressMask[] {
  return word.text.split(",").map((part) => parseNetwork(part.replace(/^[ \t\n\v\f\r]+/, ""), family, word));
}
