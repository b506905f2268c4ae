/** What one dimension of a set's elements is. */
export type PartKind = "ip" | "net" | "port" | "mac" | "mark" | "iface" | "set";

export interface SetType {
  /** As `ipset save` prints it: storage, then the parts of an element. */
  readonly name: string;
  readonly storage: "hash" | "bitmap" | "list";
  readonly parts: readonly PartKind[];
  /** Packets of which families it can hold; `any`: elements have no addresses, or are sets themselves. */
  readonly families: "ipv4" | "both" | "any";
  /** Names of ipset 4. */
  readonly aliases?: readonly string[];
  /** A network may be all addresses, prefix 0 (IP_SET_HASH_WITH_NET0). */
  readonly wholeNet?: true;
  /** The address 0 is never an element. */
  readonly noZero?: true;
  /** Options of `create` besides the ones that all types of this storage have. */
  readonly options?: readonly ("netmask" | "bitmask" | "markmask")[];
}

const hash = (
  name: string,
  parts: readonly PartKind[],
  more: Pick<SetType, "aliases" | "wholeNet" | "noZero" | "options"> & { families?: "any" } = {},
): SetType => ({ name: `hash:${name}`, storage: "hash", parts, families: "both", ...more });

const masks = ["netmask", "bitmask"] as const;

/** All set types of ipset 7.17 and Linux 6.18 (net/netfilter/ipset/ip_set_*.c). */
export const setTypes: readonly SetType[] = [
  {
    name: "bitmap:ip",
    storage: "bitmap",
    parts: ["ip"],
    families: "ipv4",
    aliases: ["ipmap"],
    options: ["netmask"],
  },
  {
    name: "bitmap:ip,mac",
    storage: "bitmap",
    parts: ["ip", "mac"],
    families: "ipv4",
    aliases: ["macipmap"],
  },
  { name: "bitmap:port", storage: "bitmap", parts: ["port"], families: "any", aliases: ["portmap"] },
  hash("ip", ["ip"], { aliases: ["iphash", "iptree", "iptreemap"], noZero: true, options: masks }),
  hash("mac", ["mac"], { families: "any" }),
  hash("ip,mac", ["ip", "mac"]),
  hash("ip,mark", ["ip", "mark"], { options: ["markmask"] }),
  hash("ip,port", ["ip", "port"], { aliases: ["ipporthash"], noZero: true, options: masks }),
  hash("ip,port,ip", ["ip", "port", "ip"], { aliases: ["ipportiphash"] }),
  hash("ip,port,net", ["ip", "port", "net"], { aliases: ["ipportnethash"] }),
  hash("net", ["net"], { aliases: ["nethash"] }),
  hash("net,net", ["net", "net"], { wholeNet: true, options: masks }),
  hash("net,iface", ["net", "iface"], { wholeNet: true }),
  hash("net,port", ["net", "port"]),
  hash("net,port,net", ["net", "port", "net"], { wholeNet: true }),
  { name: "list:set", storage: "list", parts: ["set"], families: "any", aliases: ["setlist"] },
];

export const setTypesByName: ReadonlyMap<string, SetType> = new Map(
  setTypes.flatMap((type) => [type.name, ...(type.aliases ?? [])].map((name) => [name, type] as const)),
);

export const hasNets = ({ parts }: SetType): boolean => parts.includes("net");
