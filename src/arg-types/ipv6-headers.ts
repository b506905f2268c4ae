import { protocolByName } from "../packet/protocols.ts";
import { type ArgType, bad, ok } from "./arg-type.ts";

/** The kinds of headers that `-m ipv6header` tells apart (ip6t_ipv6header.h). */
export const headerBits = {
  "hop-by-hop": 128,
  "ipv6-opts": 64,
  "ipv6-route": 32,
  "ipv6-frag": 16,
  ah: 8,
  esp: 4,
  "ipv6-nonxt": 2,
  /** Whatever stands behind the extension headers. */
  protocol: 1,
} as const;

type Name = keyof typeof headerBits;

/** Short names and numbers (libip6t_ipv6header.c). */
const spellings: readonly (readonly [name: Name, short: string, number: number])[] = [
  ["hop-by-hop", "hop", 0],
  ["ipv6-opts", "dst", 60],
  ["ipv6-route", "route", 43],
  ["ipv6-frag", "frag", 44],
  ["ah", "auth", 51],
  ["esp", "esp", 50],
  ["ipv6-nonxt", "none", 59],
  ["protocol", "prot", 255],
];

/** The second names that /etc/protocols has for some; other protocols have their own in capitals. */
const aliases: Readonly<Record<string, string>> = {
  "ipv6-route": "IPv6-Route",
  "ipv6-frag": "IPv6-Frag",
  esp: "IPSEC-ESP",
  ah: "IPSEC-AH",
  "ipv6-icmp": "IPv6-ICMP",
  "ipv6-nonxt": "IPv6-NoNxt",
  "ipv6-opts": "IPv6-Opts",
};

/** Names that only libxtables knows (xtables_chain_protos). */
const unlisted: ReadonlySet<string> = new Set(["icmpv6", "mh", "ipv6-mh", "all"]);

/** The number of a protocol that getprotobyname(3) knows: it tells capitals from small letters. */
function protocolNumber(word: string): number | undefined {
  const aliased = Object.keys(aliases).find((name) => aliases[name] === word);
  const name = aliased ?? word.toLowerCase();
  if (unlisted.has(name)) return undefined;
  if (word !== name && word !== (aliases[name] ?? name.toUpperCase())) return undefined;
  return protocolByName(name);
}

/** A protocol's name counts by its number; of `unknown header` iptables then says the number, too. */
function bitsOf(word: string): number | string {
  const text = String(protocolNumber(word) ?? word);
  const found = spellings.find(([name, short, number]) => [name, short, `${number}`].includes(text));
  return found ? headerBits[found[0]] : `unknown header \`${text}' specified`;
}

/** Names of headers with commas, as a set of `headerBits`. */
export const ipv6Headers: ArgType<number> = {
  placeholder: "header[,...]",
  words: 1,
  parse([text = ""]) {
    let all = 0;
    for (const word of text.split(",").filter((each) => each !== "")) {
      const bits = bitsOf(word);
      if (typeof bits === "string")
        return bad(bits, `known are ${spellings.map(([name]) => name).join(", ")}`);
      all |= bits;
    }
    return all === 0 ? bad("ip6t_ipv6header: cannot parse header names") : ok(all);
  },
  print: (bits) =>
    spellings
      .filter(([name]) => (bits & headerBits[name]) !== 0)
      .map(([name]) => name)
      .join(","),
  samples: [128, 16, 255],
};
