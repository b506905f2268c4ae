import type { SegmentKind } from "./states.ts";

/** A TCP header's facts. Sequence numbers are u32. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly syn: boolean;
  readonly ack: boolean;
  readonly rst: boolean;
  readonly sequence: number;
  readonly acknowledgement: number;
  /** As it stands in the header, not scaled. */
  readonly window: number;
  /** The sequence number behind the segment; SYN and FIN count as one byte each. */
  readonly end: number;
  /** The option bytes. */
  readonly options: Uint8Array;
}

const fin = 0x01;
const syn = 0x02;
const rst = 0x04;
const push = 0x08;
const ack = 0x10;
const urg = 0x20;

const soundFlags: ReadonlySet<number> = new Set([
  syn,
  syn | urg,
  syn | ack,
  rst,
  rst | ack,
  fin | ack,
  fin | ack | urg,
  ack,
  ack | urg,
]);

/** PSH, ECE and CWR go with anything; of the others only these combinations occur (tcp_valid_flags). */
export const flagsAreSound = (flags: number): boolean => soundFlags.has(flags & ~(push | 0x40 | 0x80) & 0xff);

/** Reads the segment at `offset`; the caller has seen to it that the header is whole. */
export function readSegment(bytes: Uint8Array, offset: number): Segment {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset);
  const flags = bytes[offset + 13]!;
  const headerLength = (bytes[offset + 12]! >>> 4) * 4;
  const sequence = view.getUint32(4);
  const length = bytes.length - offset - headerLength;
  return {
    kind: kindOf(flags),
    syn: (flags & syn) !== 0,
    ack: (flags & ack) !== 0,
    rst: (flags & rst) !== 0,
    sequence,
    acknowledgement: view.getUint32(8),
    window: view.getUint16(14),
    end: (sequence + length + (flags & syn ? 1 : 0) + (flags & fin ? 1 : 0)) >>> 0,
    options: bytes.subarray(offset + 20, offset + headerLength),
  };
}

function kindOf(flags: number): SegmentKind {
  if (flags & rst) return "RST";
  if (flags & syn) return flags & ack ? "SYN/ACK" : "SYN";
  if (flags & fin) return "FIN";
  return flags & ack ? "ACK" : "none";
}

/** The options of a segment up to the first malformed one, as the kernel's parser walks them. */
function* walkOptions(options: Uint8Array): Generator<{ readonly kind: number; readonly data: Uint8Array }> {
  for (let at = 0; at < options.length; ) {
    const kind = options[at]!;
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = options[at + 1] ?? 0;
    if (length < 2 || at + length > options.length) return;
    yield { kind, data: options.subarray(at + 2, at + length) };
    at += length;
  }
}

/** Highest shift that RFC 7323 allows; larger ones count as this. */
const maxScale = 14;

/** Window scale and "SACK permitted" of a SYN. */
export function readSynOptions(segment: Segment): { scale: number | undefined; sackPermitted: boolean } {
  let scale: number | undefined;
  let sackPermitted = false;
  for (const { kind, data } of walkOptions(segment.options)) {
    if (kind === 4 && data.length === 0) sackPermitted = true;
    else if (kind === 3 && data.length === 1) scale = Math.min(data[0]!, maxScale);
  }
  return { scale, sackPermitted };
}

/** The highest right edge of the first SACK option, where it lies behind `acknowledgement`. */
export function highestSack(segment: Segment, acknowledgement: number): number {
  let highest = acknowledgement;
  for (const { kind, data } of walkOptions(segment.options)) {
    if (kind !== 5 || data.length < 8 || data.length % 8 !== 0) continue;
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    for (let at = 0; at < data.length; at += 8) {
      const edge = view.getUint32(at + 4);
      if (isAfter(edge, highest)) highest = edge;
    }
    return highest;
  }
  return highest;
}

/** Order of sequence numbers, which wrap around at 2^32. */
export const isBefore = (a: number, b: number): boolean => ((a - b) | 0) < 0;
export const isAfter = (a: number, b: number): boolean => isBefore(b, a);
export const u32 = (value: number): number => value >>> 0;
