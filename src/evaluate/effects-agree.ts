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
  const keys = ({ emitted }: Effects) =>
    emitted.map(([device, frame], index) => frameKey([device, timeless(frame)], own[index] === true));
  return (
    sameList(keys(kernel), keys(machine)) &&
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

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index]);

/**
 * A frame as text; of a packet that the host made, without what the kernel draws: IPv4's id, and with it the header
 * checksum, IPv6's flow label; of an IPv6 packet that it cut, without the identification.
 */
function frameKey([device, frame]: readonly [string, string], own: boolean): string {
  const ipAt = 28;
  if (!own) return `${device} ${frame}`;
  if (frame.slice(24, 28) === "86dd") {
    const header = findFragmentHeader(fromHex(frame.slice(ipAt)));
    if (!header) return `${device} ${frame.slice(0, ipAt + 3)}*****${frame.slice(ipAt + 8)}`;
    const identificationAt = ipAt + 2 * (header.offset + 4);
    return `${device} ${frame.slice(0, identificationAt)}********${frame.slice(identificationAt + 8)}`;
  }
  if (frame.slice(24, 28) !== "0800") return `${device} ${frame}`;
  const idAt = ipAt + 8;
  const checksumAt = ipAt + 20;
  return `${device} ${frame.slice(0, idAt)}****${frame.slice(idAt + 4, checksumAt)}****${frame.slice(checksumAt + 4)}`;
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
