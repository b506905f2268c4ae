import type { Packet } from "../packet/packet.ts";

/** What the options of a SYN offer (RFC 9293, 3.2; RFC 7323; RFC 2018). */
export interface SynOptions {
  readonly segmentSize?: number;
  readonly windowScale?: number;
  readonly timestamp?: { readonly value: number; readonly echo: number };
  readonly selectiveAcknowledgements: boolean;
}

const mss = { kind: 2, length: 4 } as const;
const scale = { kind: 3, length: 3 } as const;
const sackPermitted = { kind: 4, length: 2 } as const;
const timestamps = { kind: 8, length: 10 } as const;
const nop = 1;

/** synproxy_parse_options (nf_synproxy_core.c); `undefined` where the packet ends before its header. */
export function readSynOptions(packet: Packet): SynOptions | undefined {
  const headerLength = (packet.transportByte(12) >> 4) * 4;
  if (headerLength < 20 || packet.transportLength < headerLength) return undefined;
  const found: { -readonly [K in keyof SynOptions]: SynOptions[K] } = { selectiveAcknowledgements: false };
  const long = (at: number) => packet.transportWord(at) * 65536 + packet.transportWord(at + 2);
  for (let at = 20; at < headerLength; ) {
    const kind = packet.transportByte(at);
    if (kind === 0) break;
    if (kind === nop) {
      at++;
      continue;
    }
    const length = at + 1 < headerLength ? packet.transportByte(at + 1) : 0;
    if (length < 2 || at + length > headerLength) break;
    if (kind === mss.kind && length === mss.length) found.segmentSize = packet.transportWord(at + 2);
    else if (kind === scale.kind && length === scale.length) found.windowScale = packet.transportByte(at + 2);
    else if (kind === timestamps.kind && length === timestamps.length) {
      found.timestamp = { value: long(at + 2), echo: long(at + 6) };
    } else if (kind === sackPermitted.kind && length === sackPermitted.length) {
      found.selectiveAcknowledgements = true;
    }
    at += length;
  }
  return found;
}

const words = (value: number): readonly number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];

/** synproxy_build_options: in whole words, NOPs in front. */
export function writeSynOptions(options: SynOptions): Uint8Array {
  const { segmentSize, timestamp, windowScale, selectiveAcknowledgements: sack } = options;
  const leading = sack ? [sackPermitted.kind, sackPermitted.length] : [nop, nop];
  return Uint8Array.from([
    ...(segmentSize === undefined ? [] : [mss.kind, mss.length, segmentSize >> 8, segmentSize & 255]),
    ...(timestamp
      ? [...leading, timestamps.kind, timestamps.length, ...words(timestamp.value), ...words(timestamp.echo)]
      : []),
    ...(sack && !timestamp ? [nop, nop, ...leading] : []),
    ...(windowScale === undefined ? [] : [nop, scale.kind, scale.length, windowScale]),
  ]);
}
