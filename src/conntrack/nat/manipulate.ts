import { bytesToAddress, type Family, writeAddress } from "../../packet/address.ts";
import { addressWords, updateChecksum } from "../../packet/checksum-update.ts";
import type { Tuple } from "../../packet/connection.ts";
import { crc32c } from "../../packet/crc32c.ts";
import type { NatManip } from "../conntrack.ts";
import { protocol } from "../protocol-numbers.ts";
import { readTuple } from "../tuple.ts";

/**
 * Gives the IP packet at `offset` of `bytes` the source or destination of `target`, with its port or id, and brings all
 * checksums up to date (nf_nat_proto.c). `number` is the protocol by which the transport header is understood.
 * False where the packet ends before what has to be written.
 */
export function manipulate(
  bytes: Uint8Array,
  offset: number,
  family: Family,
  target: Tuple,
  manip: NatManip,
  number: number,
): boolean {
  const read = readTuple(bytes, offset, family, 0);
  const size = family === "ipv4" ? 4 : 16;
  const at = offset + (family === "ipv4" ? 12 : 8) + (manip === "source" ? 0 : size);
  if (at + size > bytes.length) return false;
  const before = bytesToAddress(bytes, at, size);
  const after = manip === "source" ? target.source : target.destination;
  const change: Change = {
    bytes,
    at: read?.transportOffset ?? offset + (bytes[offset]! & 15) * 4,
    manip,
    target,
    before: addressWords(before),
    after: addressWords(after),
  };
  const hasTransport = family === "ipv4" || read !== undefined;
  if (hasTransport && !manipulateTransport(change, number)) return false;
  if (family === "ipv4") updateChecksum(bytes, offset + 10, change.before, change.after);
  writeAddress(bytes, at, after);
  return true;
}

interface Change {
  readonly bytes: Uint8Array;
  /** Where the transport header starts. */
  readonly at: number;
  readonly manip: NatManip;
  readonly target: Tuple;
  /** The address's words, which the pseudo header has too. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function manipulateTransport(change: Change, number: number): boolean {
  const { bytes, at } = change;
  const left = bytes.length - at;
  switch (number) {
    case protocol.tcp:
      if (left < 8) return false;
      // a quoted packet may end before its checksum
      changePort(change, left >= 20 ? at + 16 : undefined);
      return true;
    case protocol.udp:
    case protocol.udplite: {
      if (left < 8) return false;
      const isUsed = bytes[at + 6] !== 0 || bytes[at + 7] !== 0 || number === protocol.udplite;
      changePort(change, isUsed ? at + 6 : undefined);
      // zero would say that there is no checksum
      if (isUsed && bytes[at + 6] === 0 && bytes[at + 7] === 0) bytes.fill(0xff, at + 6, at + 8);
      return true;
    }
    case protocol.icmp:
      if (left < 8) return false;
      if (queries4.has(bytes[at]!)) changeId(change, [], []);
      return true;
    case protocol.icmpv6:
      if (left < 8) return false;
      if (bytes[at] === 128 || bytes[at] === 129) changeId(change, change.before, change.after);
      else updateChecksum(bytes, at + 2, change.before, change.after);
      return true;
    case protocol.sctp:
      if (left < 8) return false;
      changePort(change, undefined);
      if (left >= 12) writeCrc32c(bytes, at);
      return true;
    case protocol.gre:
      return left >= 8 && changeGre(change);
    default:
      return true;
  }
}

/** Types whose header has an id. */
const queries4: ReadonlySet<number> = new Set([0, 8, 13, 14, 15, 16, 17, 18]);

function changePort({ bytes, at, manip, target, before, after }: Change, checksum: number | undefined): void {
  const place = manip === "source" ? at : at + 2;
  const port = manip === "source" ? target.sourcePort : target.destinationPort;
  if (checksum !== undefined) {
    // one after the other, as the kernel does, for the sake of the last bit
    updateChecksum(bytes, checksum, before, after);
    updateChecksum(bytes, checksum, [(bytes[place]! << 8) | bytes[place + 1]!], [port]);
  }
  bytes[place] = port >>> 8;
  bytes[place + 1] = port & 0xff;
}

function changeId({ bytes, at, target }: Change, before: readonly number[], after: readonly number[]): void {
  if (before.length > 0) updateChecksum(bytes, at + 2, before, after);
  updateChecksum(bytes, at + 2, [(bytes[at + 4]! << 8) | bytes[at + 5]!], [target.sourcePort]);
  bytes[at + 4] = target.sourcePort >>> 8;
  bytes[at + 5] = target.sourcePort & 0xff;
}

/** A GRE header names only the receiver's call, and only in version 1 (PPTP); of the others Linux knows version 0. */
function changeGre({ bytes, at, manip, target }: Change): boolean {
  if (manip === "source") return true;
  const version = bytes[at + 1]! & 7;
  if (version === 1) {
    bytes[at + 6] = target.destinationPort >>> 8;
    bytes[at + 7] = target.destinationPort & 0xff;
  }
  return version <= 1;
}

/** SCTP's checksum covers the packet without a pseudo header; it is computed anew. */
function writeCrc32c(bytes: Uint8Array, at: number): void {
  const crc = crc32c(bytes, at, at + 8);
  for (let i = 0; i < 4; i++) bytes[at + 8 + i] = crc >>> (8 * i);
}
