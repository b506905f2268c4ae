/** What a link header says of a captured packet. */
export interface LinkPacket {
  /** 4 or 6, by the header; `undefined` where only the packet itself says it. */
  readonly version: 4 | 6 | undefined;
  /** Bytes of the link header, VLAN tags among them. */
  readonly headerLength: number;
  /** VLANs, the outer one first; tags that only carry a priority are left out. */
  readonly vlans: readonly number[];
  /** Where in the captured bytes the receiver's MAC stands; absent where the header has none. */
  readonly destinationAt?: number | undefined;
  /** The sender's, likewise. */
  readonly sourceAt?: number | undefined;
  /** Linux's own word for how the packet came (PACKET_HOST … in if_packet.h), in cooked captures. */
  readonly packetType?: number | undefined;
  /** The interface's number, in SLL2. */
  readonly interfaceIndex?: number | undefined;
}

/** What a link header says besides the packet's kind and place. */
type LinkNews = Pick<LinkPacket, "destinationAt" | "sourceAt" | "packetType" | "interfaceIndex">;

export type LinkReading =
  | { readonly ok: true; readonly link: LinkPacket }
  /** `reason` is the same for all packets of a kind, so that they can be counted. */
  | { readonly ok: false; readonly reason: string };

/** LINKTYPE_ numbers, as tcpdump.org/linktypes.html lists them. 12 and 14 are what some systems wrote for RAW. */
export const linkTypes = {
  null: 0,
  ethernet: 1,
  raw: 101,
  openBsdLoopback: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const;
const oldRaw = new Set([12, 14]);

const refuse = (reason: string): LinkReading => ({ ok: false, reason });

/** Reads the link header of a captured packet. */
export function readLink(linkType: number, bytes: Uint8Array): LinkReading {
  switch (linkType) {
    case linkTypes.ethernet:
      return readEthernet(bytes);
    case linkTypes.linuxCooked:
      return readCooked(bytes);
    case linkTypes.linuxCooked2:
      return readCooked2(bytes);
    case linkTypes.null:
    case linkTypes.openBsdLoopback:
      return readLoopback(bytes);
    case linkTypes.ipv4:
      return bare(4);
    case linkTypes.ipv6:
      return bare(6);
    case linkTypes.raw:
      return bare(undefined);
    default:
      return oldRaw.has(linkType) ? bare(undefined) : refuse(`link type ${linkType} is not read`);
  }
}

const bare = (version: 4 | 6 | undefined): LinkReading => ({
  ok: true,
  link: { version, headerLength: 0, vlans: [] },
});

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

function readEthernet(bytes: Uint8Array): LinkReading {
  if (bytes.length < 14) return refuse("cut inside the Ethernet header");
  return wordAt(bytes, 12) === 0x800 ? plainIpv4 : behindTags(bytes, 12, ethernetMacs);
}

const ethernetMacs: LinkNews = { destinationAt: 0, sourceAt: 6 };
/** What most captured packets have, made once. */
const plainIpv4: LinkReading = {
  ok: true,
  link: { version: 4, headerLength: 14, vlans: [], ...ethernetMacs },
};

/** LINKTYPE_LINUX_SLL: packet type, ARPHRD_ type, the sender's address, EtherType. */
function readCooked(bytes: Uint8Array): LinkReading {
  if (bytes.length < 16) return refuse("cut inside the cooked header");
  const hasMac = wordAt(bytes, 4) === 6;
  return behindTags(bytes, 14, {
    packetType: wordAt(bytes, 0),
    sourceAt: hasMac ? 6 : undefined,
  });
}

/** LINKTYPE_LINUX_SLL2: EtherType first, then interface, ARPHRD_ type, packet type, the sender's address. */
function readCooked2(bytes: Uint8Array): LinkReading {
  if (bytes.length < 20) return refuse("cut inside the cooked header");
  const index = wordAt(bytes, 4) * 0x10000 + wordAt(bytes, 6);
  const more = {
    packetType: bytes[10]!,
    interfaceIndex: index,
    sourceAt: bytes[11] === 6 ? 12 : undefined,
  };
  // the EtherType stands before the header's rest: what follows a VLAN's is behind it
  return behindTags(bytes, 0, more, 20);
}

const vlanEtherTypes = new Set([0x8100, 0x88a8, 0x9100]);

/** Goes from the EtherType at `at`, over VLAN tags (IEEE 802.1Q), to the packet, which starts at `next` where there are none. */
function behindTags(bytes: Uint8Array, at: number, more: LinkNews, next = at + 2): LinkReading {
  let etherType = wordAt(bytes, at);
  let headerLength = next;
  const vlans: number[] = [];
  while (vlanEtherTypes.has(etherType)) {
    if (bytes.length < headerLength + 4) return refuse("cut inside a VLAN tag");
    const vlan = wordAt(bytes, headerLength) & 0xfff;
    if (vlan !== 0) vlans.push(vlan);
    etherType = wordAt(bytes, headerLength + 2);
    headerLength += 4;
  }
  const version = etherType === 0x800 ? 4 : etherType === 0x86dd ? 6 : undefined;
  if (version === undefined) {
    return refuse(`EtherType 0x${etherType.toString(16).padStart(4, "0")} is not IP`);
  }
  const { destinationAt, sourceAt, packetType, interfaceIndex } = more;
  return {
    ok: true,
    link: { version, headerLength, vlans, destinationAt, sourceAt, packetType, interfaceIndex },
  };
}

/** AF_INET6 as BSD, FreeBSD, macOS and Linux number it; AF_INET is 2 everywhere. */
const inet6Numbers = new Set([10, 24, 28, 30]);

/** LINKTYPE_NULL and LINKTYPE_LOOP: an address family, in the byte order of the host that captured. */
function readLoopback(bytes: Uint8Array): LinkReading {
  if (bytes.length < 4) return refuse("cut inside the loopback header");
  const family = bytes[0] === 0 && bytes[1] === 0 ? wordAt(bytes, 2) : bytes[0]!;
  if (family === 2) return { ok: true, link: { version: 4, headerLength: 4, vlans: [] } };
  if (inet6Numbers.has(family)) return { ok: true, link: { version: 6, headerLength: 4, vlans: [] } };
  return refuse(`address family ${family} is not IP`);
}
