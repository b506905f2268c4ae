import { parseAddress, writeAddress } from "../../src/packet/address.ts";
import type { Packet } from "../../src/packet/packet.ts";

/** One half of a line of `conntrack -L`. */
interface ListedTuple {
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
}

/** Both tuples of a TCP or UDP line; `undefined` for other protocols. */
function listedTuples(line: string): readonly [ListedTuple, ListedTuple] | undefined {
  const found = [...line.matchAll(/src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/g)].map(
    ([, src = "", dst = "", sport, dport]) => ({ src, dst, sport: Number(sport), dport: Number(dport) }),
  );
  return found[0] && found[1] ? [found[0], found[1]] : undefined;
}

/**
 * A packet as its receiver on the host gets it, with what NAT did, told by the listed connections: of the packet's
 * own direction one tuple is known, the other one names the ends that the receiver sees. Unlisted packets are as they were.
 * Checksums are left alone.
 */
export function natView(sent: Packet, conntrack: readonly string[]): Packet {
  const protocol = sent.protocol === 6 ? "tcp" : sent.protocol === 17 ? "udp" : undefined;
  for (const line of protocol ? conntrack : []) {
    const tuples = line.startsWith(`${protocol} `) ? listedTuples(line) : undefined;
    if (!tuples) continue;
    const at = tuples.findIndex((tuple) => isTupleOf(sent, tuple));
    const other = tuples[1 - at];
    if (at < 0 || !other) continue;
    const packet = sent.copy();
    const [sourceAt, destinationAt] = sent.family === "ipv4" ? [12, 16] : [8, 24];
    writeAddress(packet.bytes, sourceAt, parseAddress(other.dst) ?? packet.source);
    writeAddress(packet.bytes, destinationAt, parseAddress(other.src) ?? packet.destination);
    const view = new DataView(packet.bytes.buffer, packet.bytes.byteOffset);
    view.setUint16(packet.transportOffset, other.dport);
    view.setUint16(packet.transportOffset + 2, other.sport);
    return packet;
  }
  return sent;
}

const isTupleOf = (packet: Packet, { src, dst, sport, dport }: ListedTuple): boolean =>
  packet.source === parseAddress(src) &&
  packet.destination === parseAddress(dst) &&
  packet.transportWord(0) === sport &&
  packet.transportWord(2) === dport;
