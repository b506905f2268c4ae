import {
  type Address,
  type Family,
  maskAddress,
  prefixLength,
  prefixMask,
  printAddress,
} from "../packet/address.ts";
import { type ArgSite, type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { parseHost, parseLooseMask, parseMask, parseNumericAddress } from "./ip-text.ts";
import { optionOf, ownerOf } from "./option-message.ts";

export interface AddressMask {
  readonly address: Address;
  readonly mask: Address;
}

const fullLength = (family: Family): number => (family === "ipv4" ? 32 : 128);

const samples: readonly AddressMask[] = [
  { address: 0x0a000001, mask: 0xffffffff },
  { address: 0x0a000000, mask: 0xffffff00 },
  { address: 0, mask: 0 },
];

function split(text: string, slash: number): readonly [host: string, mask: string | undefined] {
  return slash < 0 ? [text, undefined] : [text.slice(0, slash), text.slice(slash + 1)];
}

/** One `address[/mask]` of `-s` or `-d` (xtables_ipparse_any): the host bits are cut off, and `anything/0` is every address. */
export function parseNetwork(text: string, family: Family): Result<AddressMask> {
  const [host, maskText] = split(text, text.lastIndexOf("/"));
  const mask = maskText === undefined ? prefixMask(family, fullLength(family)) : parseMask(maskText, family);
  if (mask === undefined) return bad(`invalid mask \`${maskText}' specified`);
  const everything = family === "ipv4" ? 0 : 0n;
  if (mask === everything) return ok({ address: everything, mask });
  const address = parseNumericAddress(host, family) ?? parseHost(host, family);
  if (address === undefined) {
    const nameLike = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(host) && /[a-z]/i.test(host);
    return bad(
      `host/network \`${host}' not found`,
      nameLike ? "host names are not resolved here: write the address" : undefined,
    );
  }
  return ok({ address: maskAddress(address, mask), mask });
}

/** As iptables-save writes `-s` and `-d`: always with a prefix length, or with the mask where it has gaps. */
export function printNetwork({ address, mask }: AddressMask): string {
  const length = prefixLength(mask);
  return `${printAddress(address)}/${length ?? printAddress(mask)}`;
}

/** `-s` and `-d`: one or more networks; iptables makes a rule for each. */
export const networkList: ArgType<readonly AddressMask[]> = {
  placeholder: "address[/mask][,...]",
  words: 1,
  parse([text = ""], site) {
    const networks: AddressMask[] = [];
    for (const part of text.split(",")) {
      const network = parseNetwork(part, site.family);
      if (!network.ok) return network;
      networks.push(network.value);
    }
    return ok(networks);
  },
  print: (networks) => networks.map(printNetwork).join(","),
  samples: [...samples.map((sample) => [sample]), samples.slice(0, 2)],
};

/** `address[/mask]` as libxtables' XTTYPE_HOSTMASK reads it: host bits stay, and a mask with gaps is not printed. */
export const hostMask: ArgType<AddressMask> = {
  placeholder: "address[/mask]",
  words: 1,
  parse: ([text = ""], site) => parseHostMask(text, site),
  print({ address, mask }) {
    const length = prefixLength(mask);
    const bare = length === undefined || length === fullLength(typeof mask === "number" ? "ipv4" : "ipv6");
    return printAddress(address) + (bare ? "" : `/${length}`);
  },
  samples: [...samples, { address: 0x0a000001, mask: 0xffffff00 }],
};

function parseHostMask(text: string, site: ArgSite): Result<AddressMask> {
  const { family } = site;
  const [host, maskText] = split(text, text.indexOf("/"));
  const address = parseHost(host, family);
  if (address === undefined) {
    const other = parseHost(host, family === "ipv4" ? "ipv6" : "ipv4") !== undefined;
    return bad(
      `getaddrinfo: ${other ? "Address family for hostname not supported" : "Name or service not known"}`,
      other ? undefined : "host names are not resolved here: write the address",
    );
  }
  const length = fullLength(family);
  const mask = maskText === undefined ? prefixMask(family, length) : parseLooseMask(maskText, family);
  if (mask === undefined) {
    return bad(
      `${ownerOf(site)}bad value for option ${optionOf(site)}, neither a valid network mask nor valid CIDR (0-${length}).`,
    );
  }
  return ok({ address, mask });
}
