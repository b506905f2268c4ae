import { option, optionAt, timestampKind } from "./ip-option-list.ts";

const icmp = 1;

/**
 * An IPv4 packet with zeros for what hangs on the millisecond in which the host filled it in: the times in a time stamp
 * option, of a packet that an ICMP error quotes as well, and the checksums over them. Other packets stay as they are.
 */
export function withoutTimes(packet: Uint8Array): Uint8Array {
  const bytes = packet.slice();
  const end = (bytes[0]! & 15) * 4;
  const isOuter = blankTimes(bytes, 0);
  const quotedAt = end + 8;
  const isQuoted = bytes[9] === icmp && bytes[quotedAt]! >> 4 === 4 && blankTimes(bytes, quotedAt);
  if (isOuter) bytes.fill(0, 10, 12);
  if (isQuoted) {
    bytes.fill(0, end + 2, end + 4);
    bytes.fill(0, quotedAt + 10, quotedAt + 12);
  }
  return bytes;
}

/** Whether there were times in the header that begins at `start`. */
function blankTimes(bytes: Uint8Array, start: number): boolean {
  const end = (bytes[start]! & 15) * 4;
  const header = bytes.subarray(start, start + end);
  for (let at = 20; ; ) {
    const next = optionAt(header, at, header.length);
    if (next === undefined || "wrongAt" in next) return false;
    at = next.at + next.length;
    if (next.type !== option.timestamp || next.length < 4) continue;
    const paired = (header[next.at + 3]! & 15) !== timestampKind.timeOnly;
    const [first, step] = paired ? [8, 8] : [4, 4];
    for (let word = next.at + first; word + 4 <= at; word += step) header.fill(0, word, word + 4);
    return true;
  }
}
