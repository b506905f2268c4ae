import { fromHex, toHex } from "../packet/hex.ts";
import { findFragmentHeader } from "../packet/ipv6-extension-headers.ts";
import { withoutTimes } from "./option-times.ts";
import type { Effects } from "./recording.ts";

/**
 * Whether two accounts of one packet's effects agree. Free to differ (docs/recordings.md): the IP id and header checksum of
 * packets that the host makes itself and their IPv6 flow label, the identification of IPv6 packets that it cuts (`own`
 * tells which of the emitted ones), remaining seconds by 2, entries that end in less than a second, which the kernel was
 * asked for a moment later, the order of counter lines, the milliseconds in IP options for time stamps.
 */
export function effectsAgree(kernel: Effects, machine: Effects, own: readonly boolean[]): boolean {
  // who recorded read one interface after the other
  const ours = machine.emitted.map((frame, index) => ({ frame, own: own[index] === true }));
  ours.sort((a, b) => byDevice(a.frame, b.frame));
  const theirs = [...kernel.emitted].sort(byDevice);
  return (
    sameList(
      theirs.map((frame, index) => frameKey(frame, ours[index]?.own === true)),
      ours.map((one) => frameKey(one.frame, one.own)),
    ) &&
    sameList([...kernel.counters].map(String).sort(), [...machine.counters].map(String).sort()) &&
    pairUp(kernel.conntrack, machine.conntrack) &&
    pairUp(kernel.expectations ?? [], machine.expectations ?? [])
  );
}

/** A frame as text, without the times in IP options. */
function timeless(frame: string): string {
  const header = 28;
  if (frame.slice(24, 28) !== "0800" || frame.length < header + 40) return frame;
  return frame.slice(0, header) + toHex(withoutTimes(fromHex(frame.slice(header))));
}

type Frame = Effects["emitted"][number];

const byDevice = ([a]: Frame, [b]: Frame): number => (a < b ? -1 : a > b ? 1 : 0);

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index]);

/**
 * A frame as text; of a packet that the host made, without what the kernel draws: IPv4's id, and with it the header
 * checksum, IPv6's flow label; of an IPv6 packet that it cut, without the identification; of an answer of SYNPROXY's,
 * without cookie and time, nor where an ICMP error quotes it.
 */
function frameKey([device, sent]: Frame, own: boolean): string {
  const frame = timeless(sent);
  if (!own) return `${device} ${frame}`;
  const bytes = fromHex(frame.slice(2 * ipAt));
  const blanks =
    frame.slice(24, 28) === "86dd" ? drawnIn6(bytes) : frame.slice(24, 28) === "0800" ? drawnIn4(bytes) : [];
  const digits = [...frame];
  for (const [from, to] of blanks) digits.fill("*", 2 * ipAt + from, 2 * ipAt + to);
  return `${device} ${digits.join("")}`;
}

/** Where the IP header starts in a frame. */
const ipAt = 14;

/** Hexadecimal digits of the IP packet, from the first to before the last. */
type Digits = readonly [from: number, to: number];

const drawnIn4 = (bytes: Uint8Array): readonly Digits[] => [[8, 12], [20, 24], ...cookieInPacket(bytes, 0)];

function drawnIn6(bytes: Uint8Array): readonly Digits[] {
  const header = findFragmentHeader(bytes);
  if (header) return [[2 * (header.offset + 4), 2 * (header.offset + 8)]];
  return [[3, 8], ...cookieInPacket(bytes, 0)];
}

const tcp = 6;
const icmp = { v4: 1, v6: 58 } as const;

/** In the TCP segment of the IP packet that begins at `at`, or in the one that this packet, an ICMP error, quotes. */
function cookieInPacket(bytes: Uint8Array, at: number): readonly Digits[] {
  const isIpv6 = bytes[at]! >>> 4 === 6;
  const protocol = bytes[at + (isIpv6 ? 6 : 9)];
  const start = at + (isIpv6 ? 40 : (bytes[at]! & 15) * 4);
  if (protocol === tcp) return cookieIn(bytes, start);
  if (at > 0 || protocol !== (isIpv6 ? icmp.v6 : icmp.v4) || start + 28 > bytes.length) return [];
  const quoted = cookieInPacket(bytes, start + 8);
  return quoted.length === 0 ? [] : [[2 * (start + 2), 2 * (start + 4)], ...quoted];
}

const synAck = 0x12;
const timestamp = 8;
const nop = 1;

/** Sequence number, checksum and time of a segment that answers a SYN: the host makes none but for SYNPROXY. */
function cookieIn(bytes: Uint8Array, start: number): readonly Digits[] {
  if ((bytes[start + 13]! & 0x3f) !== synAck) return [];
  const found: Digits[] = [
    [2 * (start + 4), 2 * (start + 8)],
    [2 * (start + 16), 2 * (start + 18)],
  ];
  for (let at = start + 20; at < bytes.length; at += bytes[at] === nop ? 1 : Math.max(2, bytes[at + 1]!)) {
    if (bytes[at] === timestamp) found.push([2 * (at + 2), 2 * (at + 6)]);
  }
  return found;
}

/**
 * Each entry of the kernel's has one of the machine's that differs in the remaining seconds only, and by no more than 2.
 * What the machine has besides is about to end.
 */
function pairUp(kernel: readonly string[], machine: readonly string[]): boolean {
  const left = [...machine];
  const paired = kernel.every((entry) => {
    const at = left.findIndex((other) => sameEntry(entry, other));
    if (at < 0) return false;
    left.splice(at, 1);
    return true;
  });
  return paired && left.every((entry) => entryShape.exec(entry)?.[2] === "0");
}

/** An expectation's line begins with its seconds, a connection's with its protocol's name and number. */
const entryShape = /^(\S+ +\d+ +|)(\d+) (.*)$/;

function sameEntry(a: string, b: string): boolean {
  const left = entryShape.exec(a);
  const right = entryShape.exec(b);
  if (!left || !right) return a === b;
  return left[1] === right[1] && left[3] === right[3] && Math.abs(Number(left[2]) - Number(right[2])) <= 2;
}
