import { type Address, bytesToAddress, type Family } from "./address.ts";
import type { Tracking } from "./connection.ts";
import { findTransport } from "./ipv6-extension-headers.ts";
import { nothingTold, type Told } from "./told.ts";

export type PacketType = "unicast" | "broadcast" | "multicast" | "otherhost" | "loopback";

/** Bytes of an Ethernet header. */
export const ethernetHeaderLength = 14;

/** In place of user and group: the kernel's own socket, which sends ICMP and has no file (xt_owner.c). */
export const kernelSocket = { uid: 2 ** 32, gid: 2 ** 32 } as const;

/**
 * A packet on its way through the host: the counterpart of the kernel's sk_buff.
 * `bytes` is the IP packet, from the IP header to the end its length field names; the IP header is known to be sound
 * (the machine drops others before the first hook, as ip_rcv does). NAT and mangling write into `bytes`, which is this packet's own.
 */
export class Packet {
  bytes: Uint8Array;
  readonly family: Family;
  private header: Uint8Array | undefined;
  /** In place of the header, where nobody has asked for it yet: the bytes in whose buffer it stands before them. */
  private behindHeader: Uint8Array | undefined;
  packetType: PacketType = "unicast";
  mark = 0;
  priority = 0;
  /** `-j TRACE` met the packet: each rule that it matches from here on is logged (skb->nf_trace). */
  traced = false;
  /** `undefined` before conntrack has seen the packet. */
  tracking: Tracking | undefined;
  /** For local packets: who sent it. `undefined` is no socket (the kernel's own resets). */
  owner: { readonly uid: number; readonly gid: number } | undefined;
  /** The realms of its route, as `ip route`'s `realms from/to`: from in the upper 16 bits (dst->tclassid). */
  realms: number | undefined;
  /**
   * The transport checksum was found right, beside a header of this sum; `settled` where that was compared once more,
   * `once` where it has to be summed again; `wrong` where it was summed and not found right.
   */
  foundChecksum: number | "settled" | "once" | "wrong" | undefined;
  /** Whether Linux has noted where the transport header begins: not of what a raw socket sends (rawv6_send_hdrinc). */
  hasTransportMark = true;
  /** TPROXY gave it to a socket of the host (skb->sk, which copies lose). */
  hasSocket = false;
  /** What the user said of it beyond its bytes. */
  told: Told = nothingTold;

  constructor(bytes: Uint8Array, ethernetHeader?: Uint8Array) {
    this.bytes = bytes;
    this.family = bytes[0]! >>> 4 === 6 ? "ipv6" : "ipv4";
    this.header = ethernetHeader;
    this.behindHeader = undefined;
  }

  /** A packet in whose buffer the Ethernet header stands before its bytes. */
  static received(bytes: Uint8Array): Packet {
    const packet = new Packet(bytes);
    packet.behindHeader = bytes;
    return packet;
  }

  /** The 14 bytes before the IP header as they were received; absent for local packets, and over loopback. */
  get ethernetHeader(): Uint8Array | undefined {
    const bytes = this.behindHeader;
    if (bytes) {
      const start = bytes.byteOffset - ethernetHeaderLength;
      this.ethernetHeader = new Uint8Array(bytes.buffer, start, ethernetHeaderLength).slice();
    }
    return this.header;
  }

  set ethernetHeader(header: Uint8Array | undefined) {
    this.header = header;
    this.behindHeader = undefined;
  }

  /** Bytes of the IP packet, the figure that counters add. */
  get length(): number {
    return this.bytes.length;
  }

  get source(): Address {
    return this.family === "ipv4" ? bytesToAddress(this.bytes, 12, 4) : bytesToAddress(this.bytes, 8, 16);
  }

  get destination(): Address {
    return this.family === "ipv4" ? bytesToAddress(this.bytes, 16, 4) : bytesToAddress(this.bytes, 24, 16);
  }

  /** IPv4's protocol field; in IPv6 the last header that the chain of extension headers leads to. */
  get protocol(): number {
    return this.family === "ipv4" ? this.bytes[9]! : findTransport(this.bytes).protocol;
  }

  /** Where the transport header starts. */
  get transportOffset(): number {
    return this.family === "ipv4" ? (this.bytes[0]! & 15) * 4 : findTransport(this.bytes).offset;
  }

  /** Fragment offset in units of 8 bytes; 0 for first fragments and whole packets. */
  get fragmentOffset(): number {
    if (this.family === "ipv4") return ((this.bytes[6]! & 0x1f) << 8) | this.bytes[7]!;
    return findTransport(this.bytes).fragmentOffset;
  }

  get moreFragments(): boolean {
    if (this.family === "ipv4") return (this.bytes[6]! & 0x20) !== 0;
    return findTransport(this.bytes).moreFragments;
  }

  /**
   * What `-p` asks for. In IPv6 iptables-nft takes an authentication header for the transport's, as conntrack, REJECT and
   * ip6tables-legacy don't; -1 where the chain of headers leads to none.
   */
  ruleProtocol(stopAtAuthentication: boolean): number {
    if (this.family === "ipv4") return this.bytes[9]!;
    const { protocol, sound } = findTransport(this.bytes, stopAtAuthentication);
    return sound ? protocol : -1;
  }

  /** Whether the chain of IPv6 extension headers comes to an end inside the packet; true of all IPv4 packets. */
  get headersAreSound(): boolean {
    return this.family === "ipv4" || findTransport(this.bytes).sound;
  }

  /**
   * Where matches of a rule with `-p` look for the transport header (xt_action_param.thoff). Of later fragments of IPv6
   * ipv6_find_hdr gives no offset: matches that do not ask about fragments read the IPv6 header in its place.
   */
  get matchedOffset(): number {
    if (this.family === "ipv4") return this.transportOffset;
    const { offset, fragmentOffset } = findTransport(this.bytes);
    return fragmentOffset === 0 ? offset : 0;
  }

  /** Bytes from there on. */
  get matchedLength(): number {
    return this.bytes.length - this.matchedOffset;
  }

  /** Byte `index` from there on; -1 where the packet ends before it. */
  matchedByte(index: number): number {
    return this.bytes[this.matchedOffset + index] ?? -1;
  }

  /** The 16-bit word at byte `index` from there on; -1 where the packet ends before it. */
  matchedWord(index: number): number {
    const at = this.matchedOffset + index;
    return at + 1 < this.bytes.length ? (this.bytes[at]! << 8) | this.bytes[at + 1]! : -1;
  }

  /** Bytes from the transport header on. */
  get transportLength(): number {
    return this.bytes.length - this.transportOffset;
  }

  /** Byte `index` of the transport header; -1 where the packet ends before it. */
  transportByte(index: number): number {
    return this.bytes[this.transportOffset + index] ?? -1;
  }

  /** The 16-bit word at byte `index` of the transport header; -1 where the packet ends before it. */
  transportWord(index: number): number {
    const at = this.transportOffset + index;
    return at + 1 < this.bytes.length ? (this.bytes[at]! << 8) | this.bytes[at + 1]! : -1;
  }

  copy(): Packet {
    const copy = new Packet(this.bytes.slice(), this.header);
    copy.behindHeader = this.behindHeader;
    copy.packetType = this.packetType;
    copy.mark = this.mark;
    copy.priority = this.priority;
    copy.traced = this.traced;
    copy.tracking = this.tracking;
    copy.owner = this.owner;
    copy.told = this.told;
    copy.realms = this.realms;
    copy.foundChecksum = this.foundChecksum;
    copy.hasTransportMark = this.hasTransportMark;
    return copy;
  }
}
