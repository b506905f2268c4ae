import { transportOf } from "./transport.ts";

/** Words of a key at most: kind, ports, and two IPv6 addresses. */
export const longestKey = 10;

/** By protocol: 1 where its header begins with two ports. */
const withPorts = new Uint8Array(256);
for (const protocol of [6, 17, 33, 132, 136]) withPorts[protocol] = 1;

/** What the packets of a flow have in common, the same in both directions: the smaller end comes first. One object reads them all. */
export class FlowKey {
  /** Kind, both ports, the first end's address, the second's; of IPv4 the addresses have a word each, else four. */
  readonly words = new Int32Array(longestKey);
  /** How many of the words count. */
  length = 0;
  hash = 0;
  /** Whether the packet comes from the second end. */
  isSwapped = false;

  /** Reads the IP packet at `packetAt`. */
  read(bytes: Uint8Array, packetAt: number): void {
    const { words } = this;
    const { protocol, offset, fragmentOffset } = transportOf(bytes, packetAt);
    const ports = packetAt + offset;
    const hasPorts = withPorts[protocol] === 1 && fragmentOffset === 0 && ports + 4 <= bytes.length;
    const count = bytes[packetAt]! >>> 4 === 6 ? 4 : 1;
    const source = packetAt + (count === 4 ? 8 : 12);
    const destination = source + 4 * count;
    const bothPorts = hasPorts ? wordAt(bytes, ports) : 0;
    const turned = (bothPorts << 16) | (bothPorts >>> 16);
    const order = compareWords(bytes, source, destination, count) || (bothPorts >>> 0) - (turned >>> 0);
    this.isSwapped = order > 0;
    words[0] = kindOf(protocol, hasPorts, count);
    words[1] = order > 0 ? turned : bothPorts;
    const first = order > 0 ? destination : source;
    const second = order > 0 ? source : destination;
    for (let index = 0; index < count; index++) {
      words[2 + index] = wordAt(bytes, first + 4 * index);
      words[2 + count + index] = wordAt(bytes, second + 4 * index);
    }
    this.length = keyLength(count);
    this.hash = hashOf(words, 0, this.length);
  }
}

const kindOf = (protocol: number, hasPorts: boolean, addressWords: number): number =>
  protocol * 16 + (hasPorts ? 8 : 0) + addressWords;

/** What the first word of a key says. */
export const readKind = (kind: number) => ({
  protocol: kind >>> 4,
  hasPorts: (kind & 8) !== 0,
  addressWords: kind & 7,
});

/** How many words of a key count. */
export const keyLength = (addressWords: number): number => 2 + 2 * addressWords;

/** A 32-bit number that equal keys share. */
export function hashOf(words: Int32Array, from: number, length: number): number {
  let hash = 0;
  for (let at = from; at < from + length; at++) {
    hash = Math.imul(hash ^ words[at]!, 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return hash;
}

/** Four bytes in network order, as an int32. */
const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;

function compareWords(bytes: Uint8Array, one: number, other: number, count: number): number {
  for (let index = 0; index < count; index++) {
    const difference = (wordAt(bytes, one + 4 * index) >>> 0) - (wordAt(bytes, other + 4 * index) >>> 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
