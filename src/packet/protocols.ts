/**
 * Protocol names as Debian's /etc/protocols gives them, which is what iptables prints and accepts (IANA protocol numbers).
 * Numbers that are not listed print as numbers.
 */
const names: readonly (readonly [number: number, name: string])[] = [
  [1, "icmp"],
  [2, "igmp"],
  [3, "ggp"],
  [4, "ipencap"],
  [5, "st"],
  [6, "tcp"],
  [8, "egp"],
  [9, "igp"],
  [12, "pup"],
  [17, "udp"],
  [20, "hmp"],
  [22, "xns-idp"],
  [27, "rdp"],
  [29, "iso-tp4"],
  [33, "dccp"],
  [36, "xtp"],
  [37, "ddp"],
  [38, "idpr-cmtp"],
  [41, "ipv6"],
  [43, "ipv6-route"],
  [44, "ipv6-frag"],
  [45, "idrp"],
  [46, "rsvp"],
  [47, "gre"],
  [50, "esp"],
  [51, "ah"],
  [57, "skip"],
  [58, "ipv6-icmp"],
  [59, "ipv6-nonxt"],
  [60, "ipv6-opts"],
  [73, "rspf"],
  [81, "vmtp"],
  [88, "eigrp"],
  [89, "ospf"],
  [93, "ax.25"],
  [94, "ipip"],
  [97, "etherip"],
  [98, "encap"],
  [103, "pim"],
  [108, "ipcomp"],
  [112, "vrrp"],
  [115, "l2tp"],
  [124, "isis"],
  [132, "sctp"],
  [133, "fc"],
  [135, "mobility-header"],
  [136, "udplite"],
  [137, "mpls-in-ip"],
  [138, "manet"],
  [139, "hip"],
  [140, "shim6"],
  [141, "wesp"],
  [142, "rohc"],
  [143, "ethernet"],
  // more than the 8 bits of the header: a rule with it matches nothing
  [262, "mptcp"],
];

/**
 * Further names that libxtables takes, never printed. The aliases of /etc/protocols are in upper case, and iptables looks
 * for names in lower case only.
 */
const aliases: readonly (readonly [number: number, name: string])[] = [
  [0, "all"],
  [0, "ip"],
  [0, "hopopt"],
  [58, "icmpv6"],
  [135, "ipv6-mh"],
  [135, "mh"],
];

const nameByNumber: ReadonlyMap<number, string> = new Map(names);
const numberByName: ReadonlyMap<string, number> = new Map(
  [...names, ...aliases].map(([number, name]) => [name, number]),
);

/** All names that a protocol may be written with. */
export const protocolNames: readonly string[] = [...numberByName.keys()];

/** The number of a protocol name, whatever its case; `undefined` where there is none. */
export const protocolByName = (name: string): number | undefined => numberByName.get(name.toLowerCase());

/** The name that iptables-save prints for a protocol, the number where it has none. */
export const protocolName = (number: number): string => nameByNumber.get(number) ?? String(number);
