import type { Effect } from "../extensions/effect.ts";
import { updateChecksum } from "../packet/checksum-update.ts";
import type { Packet } from "../packet/packet.ts";

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

const tcp = 6;
const checksumAt = 16;
const nop = 1;
/** Bits of byte 13. */
const flags = { echo: 0x40, reduced: 0x80 } as const;

/** set_ect_tcp (ipt_ECN.c). False where the packet has to be dropped: its header is cut off. */
export function changeTcpEcn(packet: Packet, effect: Of<"tcp-ecn">): boolean {
  if (packet.protocol !== tcp) return true;
  if (packet.transportLength < 20) return false;
  const { bytes, transportOffset: start } = packet;
  const at = start + 12;
  const before = (bytes[at]! << 8) | bytes[at + 1]!;
  let after = before;
  for (const name of ["echo", "reduced"] as const) {
    if (effect[name] !== undefined) after = (after & ~flags[name]) | (effect[name] ? flags[name] : 0);
  }
  if (after === before) return true;
  bytes[at + 1] = after;
  updateChecksum(bytes, start + checksumAt, [before], [after]);
  return true;
}

/** tcpoptstrip_mangle_packet (xt_TCPOPTSTRIP.c). False where the packet has to be dropped: its header is not whole, or says so. */
export function stripTcpOptions(packet: Packet, { options }: Of<"strip-tcp-options">): boolean {
  if (packet.fragmentOffset !== 0) return true;
  const { bytes, transportOffset: start, transportLength: length } = packet;
  const headerLength = (packet.transportByte(12) >> 4) * 4;
  if (length < 20 || headerLength < 20 || length < headerLength) return false;
  for (let at = 20; at < headerLength - 1; ) {
    const kind = packet.transportByte(at);
    const second = packet.transportByte(at + 1);
    const step = kind <= nop || second === 0 ? 1 : second;
    if (at + step > headerLength) break;
    if (options.includes(kind)) blank(bytes, start, at, step);
    at += step;
  }
  return true;
}

/** The checksum follows byte by byte, as the kernel does it. */
function blank(bytes: Uint8Array, start: number, from: number, length: number): void {
  for (let at = from; at < from + length; at++) {
    const word = (byte: number) => (at % 2 === 0 ? byte << 8 : byte);
    updateChecksum(bytes, start + checksumAt, [word(bytes[start + at]!)], [word(nop)]);
    bytes[start + at] = nop;
  }
}
