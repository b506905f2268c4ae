import { type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { parseNumber } from "./number.ts";

/** IANA's protocol names as most hosts' /etc/protocols has them; the first name of a number is the one printed. */
const names: readonly (readonly [name: string, number: number])[] = [
  ["ip", 0],
  ["hopopt", 0],
  ["icmp", 1],
  ["igmp", 2],
  ["ggp", 3],
  ["ipencap", 4],
  ["st", 5],
  ["tcp", 6],
  ["egp", 8],
  ["igp", 9],
  ["pup", 12],
  ["udp", 17],
  ["hmp", 20],
  ["xns-idp", 22],
  ["rdp", 27],
  ["iso-tp4", 29],
  ["dccp", 33],
  ["xtp", 36],
  ["ddp", 37],
  ["idpr-cmtp", 38],
  ["ipv6", 41],
  ["ipv6-route", 43],
  ["ipv6-frag", 44],
  ["idrp", 45],
  ["rsvp", 46],
  ["gre", 47],
  ["esp", 50],
  ["ah", 51],
  ["skip", 57],
  ["ipv6-icmp", 58],
  ["ipv6-nonxt", 59],
  ["ipv6-opts", 60],
  ["rspf", 73],
  ["vmtp", 81],
  ["eigrp", 88],
  ["ospf", 89],
  ["ax.25", 93],
  ["ipip", 94],
  ["etherip", 97],
  ["encap", 98],
  ["pim", 103],
  ["ipcomp", 108],
  ["vrrp", 112],
  ["l2tp", 115],
  ["isis", 124],
  ["sctp", 132],
  ["fc", 133],
  ["mobility-header", 135],
  ["udplite", 136],
  ["mpls-in-ip", 137],
  ["manet", 138],
  ["hip", 139],
  ["shim6", 140],
  ["wesp", 141],
  ["rohc", 142],
  ["ethernet", 143],
  ["mptcp", 262],
];

/** libxtables' own names, for hosts that know fewer (xtables_chain_protos). */
const furtherNames: readonly (readonly [name: string, number: number])[] = [
  ["all", 0],
  ["icmpv6", 58],
  ["ipv6-mh", 135],
  ["mh", 135],
];

const numberByName: ReadonlyMap<string, number> = new Map([...furtherNames, ...names]);
const nameByNumber: ReadonlyMap<number, string> = new Map([...names].reverse().map(([name, n]) => [n, name]));

/** A protocol's name in any case or its number of 0 to 255; 0 means every protocol (xtables_parse_protocol). */
export function parseProtocol(text: string): Result<number> {
  const name = text.toLowerCase();
  const value = parseNumber(name, 0, 255) ?? numberByName.get(name);
  return value === undefined ? bad(`unknown protocol "${name}" specified`) : ok(value);
}

/** The name of a protocol number, or the number where it has none. */
export const protocolName = (protocol: number): string => nameByNumber.get(protocol) ?? `${protocol}`;

/** `-p`: printed by name. */
export const protocol: ArgType<number> = {
  placeholder: "protocol",
  words: 1,
  parse: ([text = ""]) => parseProtocol(text),
  print: protocolName,
  samples: [0, 6, 17, 50, 255],
};

/** The same for options that print the number, as `--ctproto`. */
export const protocolNumber: ArgType<number> = { ...protocol, print: String };
