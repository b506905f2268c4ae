import { extensionHeader } from "../packet/extension-header.ts";
import { findFragmentHeader, findTransport } from "../packet/ipv6-extension-headers.ts";
import { Packet } from "../packet/packet.ts";
import { reassembledEcn } from "./fragment-ecn.ts";
import type { Reassembled } from "./reassembly.ts";

/** Seconds that fragments wait for the rest (net.netfilter.nf_conntrack_frag6_timeout). */
const fragmentTimeout = 60;

const longest = 65535;

interface Piece {
  readonly offset: number;
  readonly data: Uint8Array;
  readonly packet: Packet;
}

interface Queue {
  readonly pieces: Piece[];
  readonly started: number;
  /** As far as any piece reached. */
  length: number;
  hasLast: boolean;
}

/** What becomes of an IPv6 packet at the reassembly before conntrack. */
export type Gathered =
  /** Not a fragment, or one that goes on as it is. */
  | { readonly kind: "pass" }
  | { readonly kind: "held" }
  | { readonly kind: "dropped"; readonly reason: string }
  | ({ readonly kind: "whole" } & Reassembled);

const pass: Gathered = { kind: "pass" };
const held: Gathered = { kind: "held" };
const dropped = (reason: string): Gathered => ({ kind: "dropped", reason });

/**
 * Puts IPv6 fragments together as nf_defrag_ipv6 does before conntrack (net/ipv6/netfilter/nf_conntrack_reasm.c): one
 * queue for each source, destination, identification, device and hook. A piece that overlaps another one throws all
 * away (RFC 5722), an exact duplicate is ignored.
 */
export class Reassembly6 {
  private readonly queues = new Map<string, Queue>();

  add(packet: Packet, user: string, now: number): Gathered {
    const { bytes } = packet;
    // a payload length of 0 says that an option has it, and those packets are not cut (RFC 2675)
    const header = (bytes[4]! | bytes[5]!) === 0 ? undefined : findFragmentHeader(bytes);
    if (!header || lacksHeaders(bytes, header.offset) || header.offset + 8 > bytes.length) return pass;
    const at = header.offset;
    const identification = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 4);
    const key = `${user} ${packet.source} ${packet.destination} ${identification}`;
    let queue = this.queues.get(key);
    if (!queue || now - queue.started >= fragmentTimeout) {
      queue = { pieces: [], started: now, length: 0, hasLast: false };
      this.queues.set(key, queue);
    }
    const refused = insert(queue, packet, at);
    if (refused) {
      if (refused.kills) this.queues.delete(key);
      return refused.gathered;
    }
    const payload = queue.pieces.reduce((sum, piece) => sum + piece.data.length, 0);
    const isWhole = queue.hasLast && queue.pieces.some(({ offset }) => offset === 0);
    if (!isWhole || payload !== queue.length) return held;
    this.queues.delete(key);
    return join(queue);
  }
}

/** A first piece has to hold all headers up to the transport's own (RFC 8200, 4.5; ipv6frag_thdr_truncated). */
function lacksHeaders(bytes: Uint8Array, fragmentAt: number): boolean {
  const { protocol, offset, fragmentOffset, sound } = findTransport(bytes);
  if (!sound || protocol === extensionHeader.none || fragmentOffset !== 0 || fragmentAt >= bytes.length)
    return false;
  const least = protocol === 6 ? 20 : protocol === 17 || protocol === 58 ? 8 : 1;
  return offset + least > bytes.length;
}

/** Why a piece is not taken in, and whether its whole datagram goes with it (nf_ct_frag6_queue); `undefined` where it is. */
function insert(
  queue: Queue,
  packet: Packet,
  at: number,
): { readonly gathered: Gathered; readonly kills: boolean } | undefined {
  const { bytes } = packet;
  const word = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  const offset = word & ~7;
  const data = bytes.subarray(at + 8);
  const end = offset + data.length;
  const refuse = (gathered: Gathered, kills: boolean) => ({ gathered, kills });
  if (end > longest) return refuse(dropped("a fragment that reaches beyond the longest datagram"), false);
  if ((word & 1) === 0) {
    if (end < queue.length || (queue.hasLast && end !== queue.length)) {
      return refuse(dropped("a last fragment that ends before another one does"), false);
    }
    queue.hasLast = true;
    queue.length = end;
  } else {
    if (end % 8 !== 0) return refuse(pass, true);
    if (end > queue.length) {
      if (queue.hasLast) return refuse(dropped("a fragment behind the last one"), false);
      queue.length = end;
    }
  }
  if (data.length === 0) return refuse(dropped("a fragment without data"), false);
  for (const piece of queue.pieces) {
    const pieceEnd = piece.offset + piece.data.length;
    if (piece.offset >= end || pieceEnd <= offset) continue;
    // wholly inside a piece that is there: a duplicate, ignored
    if (piece.offset <= offset && end <= pieceEnd) return refuse(held, false);
    return refuse(dropped("fragments that overlap"), true);
  }
  queue.pieces.push({ offset, data, packet });
  return undefined;
}

/** The datagram without fragment header: what stands before that is taken from the first piece (nf_ct_frag6_reasm). */
function join({ pieces: unordered }: Queue): Gathered {
  const pieces = [...unordered].sort((a, b) => a.offset - b.offset);
  const first = pieces[0]!.packet;
  const header = findFragmentHeader(first.bytes)!;
  const ecn = reassembledEcn(pieces.map(({ packet: { bytes } }) => bytes[1]! >> 4));
  const length = header.offset + pieces.reduce((sum, { data }) => sum + data.length, 0);
  // the kernel has taken the last piece in and says nothing of it
  if (ecn === undefined || length - 40 > longest) return held;
  const bytes = new Uint8Array(length);
  bytes.set(first.bytes.subarray(0, header.offset));
  bytes[header.namedAt] = first.bytes[header.offset]!;
  for (const { offset, data } of pieces) bytes.set(data, header.offset + offset);
  bytes[4] = (length - 40) >> 8;
  bytes[5] = length - 40;
  bytes[1] = bytes[1]! | (ecn << 4);
  const packet = new Packet(bytes, first.ethernetHeader);
  packet.packetType = first.packetType;
  packet.mark = first.mark;
  packet.owner = first.owner;
  packet.told = first.told;
  return {
    kind: "whole",
    packet,
    pieces: pieces.map(({ data }) => data.length),
    largest: Math.max(...pieces.map((piece) => piece.packet.length)),
  };
}
