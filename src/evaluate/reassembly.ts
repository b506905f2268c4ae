import { setHeaderChecksum } from "../packet/checksum.ts";
import { Packet } from "../packet/packet.ts";
import { reassembledEcn } from "./fragment-ecn.ts";

/** Seconds that fragments wait for the rest where the host does not say (net.ipv4.ipfrag_time). */
const usualTimeout = 30;

/** Bytes that an IPv4 packet has at most. */
const longest = 65535;

interface Piece {
  readonly offset: number;
  readonly data: Uint8Array;
  readonly packet: Packet;
}

interface Queue {
  readonly pieces: Piece[];
  readonly started: number;
  /** The datagram's payload length, once the last fragment is there. */
  total: number | undefined;
}

/** A datagram put together, and how it was cut: it leaves again in the same pieces. */
export interface Reassembled {
  readonly packet: Packet;
  /** Payload bytes of each piece, in order. */
  readonly pieces: readonly number[];
  /** Bytes of the longest one with its headers. */
  readonly largest: number;
  /** IPv4: the longest one said that it must not be cut, and so do pieces that are cut anew (IPSKB_FRAG_PMTU). */
  readonly dontFragment?: boolean;
}

/**
 * Puts IPv4 fragments together as net/ipv4/ip_fragment.c does: one queue for each source, destination, id, protocol and
 * user (conntrack and local delivery have queues of their own); exact duplicates are ignored; any other overlap throws the queue away.
 */
export class Reassembly {
  private readonly queues = new Map<string, Queue>();
  private readonly timeout: number;

  /** `seconds` as sysctl says it. */
  constructor(seconds?: string) {
    this.timeout = Number(seconds ?? usualTimeout);
  }

  /** Takes a fragment in; gives the whole datagram when this one completes it. */
  add(packet: Packet, user: string, now: number): Reassembled | undefined {
    const { bytes } = packet;
    const key = `${user} ${packet.source} ${packet.destination} ${packet.protocol} ${(bytes[4]! << 8) | bytes[5]!}`;
    let queue = this.queues.get(key);
    if (!queue || now - queue.started >= this.timeout) {
      queue = { pieces: [], started: now, total: undefined };
      this.queues.set(key, queue);
    }
    if (!insert(queue, packet)) {
      this.queues.delete(key);
      return undefined;
    }
    if (!isComplete(queue)) return undefined;
    this.queues.delete(key);
    return finish(queue);
  }
}

/** Whether the queue lives on. */
function insert(queue: Queue, packet: Packet): boolean {
  const offset = packet.fragmentOffset * 8;
  let data = packet.bytes.subarray(packet.transportOffset);
  if (packet.moreFragments) {
    // a piece that is not the last one counts in whole units of 8 bytes
    data = data.subarray(0, data.length & ~7);
    if (queue.total !== undefined && offset + data.length > queue.total) return false;
  } else {
    const end = offset + data.length;
    const reach = Math.max(0, ...queue.pieces.map((piece) => piece.offset + piece.data.length));
    if (end < reach || (queue.total !== undefined && queue.total !== end)) return false;
    queue.total = end;
  }
  if (data.length === 0) return false;
  const end = offset + data.length;
  for (const piece of queue.pieces) {
    const pieceEnd = piece.offset + piece.data.length;
    if (piece.offset >= end || pieceEnd <= offset) continue;
    // wholly inside a piece that is there: a duplicate, ignored
    return piece.offset <= offset && end <= pieceEnd;
  }
  queue.pieces.push({ offset, data, packet });
  return true;
}

/** Whether the longest piece said so: then the whole may leave in pieces of that length, and in no shorter ones (ip_frag_reasm). */
function mustNotBeCut(pieces: readonly Piece[]): boolean {
  const longest = Math.max(...pieces.map(({ packet }) => packet.length));
  return pieces.some(({ packet }) => packet.length === longest && (packet.bytes[6]! & 0x40) !== 0);
}

/** All bytes are there, from the first one on. */
const isComplete = ({ pieces, total }: Queue): boolean =>
  pieces.some(({ offset }) => offset === 0) &&
  pieces.reduce((sum, piece) => sum + piece.data.length, 0) === total;

/** `undefined` where the pieces make no datagram (ip_frag_reasm): they contradict each other, or it would be too long. */
function finish(queue: Queue): Reassembled | undefined {
  const pieces = [...queue.pieces].sort((a, b) => a.offset - b.offset);
  const ecn = reassembledEcn(pieces.map(({ packet }) => packet.bytes[1]!));
  const [first] = pieces;
  if (!first || ecn === undefined) return undefined;
  const payload = pieces.reduce((sum, piece) => sum + piece.data.length, 0);
  const headerLength = first.packet.transportOffset;
  if (headerLength + payload > longest) return undefined;
  const bytes = new Uint8Array(headerLength + payload);
  bytes.set(first.packet.bytes.subarray(0, headerLength));
  for (const piece of pieces) bytes.set(piece.data, headerLength + piece.offset);
  bytes[1] = bytes[1]! | ecn;
  bytes[2] = bytes.length >> 8;
  bytes[3] = bytes.length;
  bytes[6] = mustNotBeCut(pieces) ? 0x40 : 0;
  bytes[7] = 0;
  setHeaderChecksum(bytes);
  const packet = new Packet(bytes, first.packet.ethernetHeader);
  packet.packetType = first.packet.packetType;
  packet.mark = first.packet.mark;
  // the skb that came last becomes the whole and keeps its socket (inet_frag_reasm_prepare)
  packet.owner = queue.pieces.at(-1)?.packet.owner;
  packet.told = queue.pieces.at(-1)?.packet.told ?? {};
  const largest = Math.max(...pieces.map((piece) => piece.packet.length));
  const dontFragment = (bytes[6]! & 0x40) !== 0;
  return { packet, pieces: pieces.map((piece) => piece.data.length), largest, dontFragment };
}
