import type { Effect } from "../extensions/effect.ts";
import { setHeaderChecksum } from "../packet/checksum.ts";
import { updateChecksum } from "../packet/checksum-update.ts";
import type { Packet } from "../packet/packet.ts";
import type { Journey } from "./journey.ts";

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

/** connmark_tg_shift (xt_connmark.c). */
export function moveMark(journey: Journey, effect: Of<"connmark">): void {
  const { packet } = journey;
  if (packet.tracking?.kind !== "tracked") return;
  const { connection } = packet.tracking;
  const { ctMask, nfMask } = effect;
  const shifted = (value: number) =>
    (effect.shift >= 0 ? value << effect.shift : value >>> -effect.shift) >>> 0;
  switch (effect.operation) {
    case "set":
      connection.mark = shifted(((connection.mark & ~ctMask) ^ effect.value) >>> 0);
      return;
    case "save":
      connection.mark = ((connection.mark & ~ctMask) ^ shifted((packet.mark & nfMask) >>> 0)) >>> 0;
      return;
    case "restore": {
      const before = packet.mark;
      packet.mark = ((before & ~nfMask) ^ shifted((connection.mark & ctMask) >>> 0)) >>> 0;
      if (packet.mark !== before) journey.note({ kind: "mark", before, after: packet.mark });
    }
  }
}

/** ipv4_change_dsfield, ipv6_change_dsfield (dsfield.h). */
export function changeTos({ bytes, family }: Packet, { clear, xor }: Of<"tos">): void {
  if (family === "ipv6") {
    const before = ((bytes[0]! & 15) << 4) | (bytes[1]! >> 4);
    const after = (before & ~clear) ^ xor;
    bytes[0] = 0x60 | (after >> 4);
    bytes[1] = ((after & 15) << 4) | (bytes[1]! & 15);
    return;
  }
  const before = (bytes[0]! << 8) | bytes[1]!;
  bytes[1] = (bytes[1]! & ~clear) ^ xor;
  const after = (bytes[0]! << 8) | bytes[1];
  if (after !== before) updateChecksum(bytes, 10, [before], [after]);
}

/** ttl_tg, hl_tg6 (xt_HL.c). */
export function changeTtl({ bytes, family }: Packet, { operation, value }: Of<"ttl">): void {
  const at = family === "ipv4" ? 8 : 7;
  const before = bytes[at]!;
  const wanted = operation === "set" ? value : operation === "increase" ? before + value : before - value;
  const after = Math.min(255, Math.max(0, wanted));
  if (after === before) return;
  const word = (ttl: number) => (ttl << 8) | bytes[9]!;
  bytes[at] = after;
  if (family === "ipv4") updateChecksum(bytes, 10, [word(before)], [word(after)]);
}

const mssOption = { kind: 2, length: 4 } as const;
/** What a host without the option is taken to receive (RFC 9293, 3.7.1). */
const defaultMss = { ipv4: 536, ipv6: 1220 } as const;
const headers = { ipv4: 40, ipv6: 60 } as const;

/** tcpmss_mangle_packet (xt_TCPMSS.c). False where the packet has to be dropped. */
export function limitMss(journey: Journey, effect: Of<"tcp-mss">): boolean {
  const { packet } = journey;
  if (packet.fragmentOffset !== 0) return true;
  // skb_ensure_writable, of the whole packet
  journey.isLinear = true;
  const length = packet.transportLength;
  const headerLength = (packet.transportByte(12) >> 4) * 4;
  if (length < 20 || headerLength < 20 || length < headerLength) return false;
  const size = effect.size === "path-mtu" ? pathMss(journey) : effect.size;
  if (size === undefined) return false;
  const start = packet.transportOffset;
  for (let at = 20; at <= headerLength - mssOption.length; ) {
    const kind = packet.transportByte(at);
    const step = packet.transportByte(at + 1);
    if (kind === mssOption.kind && step === mssOption.length) {
      const before = packet.transportWord(at + 2);
      if (before > size) {
        putWord(packet.bytes, start + at + 2, size);
        updateChecksum(packet.bytes, start + 16, [before], [size]);
      }
      return true;
    }
    at += kind <= 1 || step === 0 ? 1 : step;
  }
  // the option cannot be put in before data, nor into a full header
  if (length > headerLength || headerLength >= 60) return true;
  addMss(packet, Math.min(size, defaultMss[packet.family]));
  return true;
}

/** What the path takes both ways; `undefined` where its MTU leaves no room. */
function pathMss({ packet, route, environment }: Journey): number | undefined {
  const back = environment.host.route({
    source: undefined,
    destination: packet.source,
    tos: 0,
    mark: 0,
    inDevice: undefined,
  });
  const mtuOf = (way: typeof route) => (way && "mtu" in way ? way.mtu : 65535);
  const mtu = Math.min(mtuOf(route), mtuOf(back));
  const room = mtu - headers[packet.family];
  return room > 0 ? room : undefined;
}

/** Puts the option before the others, with all checksums moved along. */
function addMss(packet: Packet, size: number): void {
  const { transportOffset: start, family } = packet;
  const old = packet.bytes;
  const bytes = new Uint8Array(old.length + mssOption.length);
  bytes.set(old.subarray(0, start + 20));
  bytes.set([mssOption.kind, mssOption.length, size >> 8, size & 255], start + 20);
  bytes.set(old.subarray(start + 20), start + 20 + mssOption.length);
  const checksumAt = start + 16;
  const length = old.length - start;
  updateChecksum(bytes, checksumAt, [length], [length + mssOption.length]);
  updateChecksum(bytes, checksumAt, [0], [(mssOption.kind << 8) | mssOption.length]);
  updateChecksum(bytes, checksumAt, [0], [size]);
  const before = (bytes[start + 12]! << 8) | bytes[start + 13]!;
  putWord(bytes, start + 12, before + 0x1000);
  updateChecksum(bytes, checksumAt, [before], [before + 0x1000]);
  if (family === "ipv4") {
    putWord(bytes, 2, bytes.length);
    setHeaderChecksum(bytes);
  } else putWord(bytes, 4, bytes.length - 40);
  packet.bytes = bytes;
}

function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >> 8;
  bytes[at + 1] = word;
}
