import { jhash } from "../../extensions/jhash.ts";
import { type Address, bytesToAddress, writeAddress } from "../../packet/address.ts";
import type { Tuple } from "../../packet/connection.ts";
import type { NatManip } from "../conntrack.ts";

/**
 * Which address of a range a connection gets (find_best_ips_proto, nf_nat_core.c): a hash of its addresses, so that
 * one client keeps one address; with `persistent` whatever it talks to. `zone` is the id of its zone. Hashes words as a little-endian machine has them.
 */
export function chooseAddress(
  tuple: Tuple,
  manip: NatManip,
  [low, high]: readonly [Address, Address],
  { persistent, zone }: { readonly persistent: boolean; readonly zone: number },
): Tuple {
  const change = (address: Address): Tuple =>
    manip === "source" ? { ...tuple, source: address } : { ...tuple, destination: address };
  if (low === high) return change(low);
  const destination = words(tuple.destination);
  const count = typeof low === "number" ? 1 : 4;
  const seed = persistent ? 0 : (swap(destination[count - 1]!) ^ zone) >>> 0;
  // an IPv4 address takes the first word of the four
  const source = [...words(tuple.source), 0, 0, 0].slice(0, 4).map(swap);
  let hash = jhash(source, seed);
  const lowest = words(low);
  const highest = words(high);
  const chosen: number[] = [];
  let free = false;
  for (let i = 0; i < count; i++) {
    const start = free ? 0 : lowest[i]!;
    const size = free ? 0xffffffff : (highest[i]! - start + 1) >>> 0;
    const word = (start + scale(hash, size)) >>> 0;
    chosen.push(word);
    // below the highest prefix the rest of the address may be anything
    if (word !== highest[i]) free = true;
    if (!persistent) hash = (hash ^ swap(manip === "destination" ? chosen[i]! : destination[i]!)) >>> 0;
  }
  return change(fromWords(chosen));
}

/** An even share of `size` for a 32-bit hash (reciprocal_scale). */
const scale = (hash: number, size: number): number => Number((BigInt(hash) * BigInt(size)) >> 32n);

const swap = (word: number): number =>
  ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;

/** An address as big-endian words: one or four. */
function words(address: Address): number[] {
  const bytes = new Uint8Array(typeof address === "number" ? 4 : 16);
  writeAddress(bytes, 0, address);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i));
}

function fromWords(parts: readonly number[]): Address {
  const bytes = new Uint8Array(parts.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of parts.entries()) view.setUint32(4 * i, word);
  return bytesToAddress(bytes, 0, parts.length === 1 ? 4 : 16);
}
