/** IP options as they stand in a header (RFC 791, 3.1; RFC 2113), and what Linux finds wrong with them. */

/** Option numbers. */
export const option = {
  end: 0,
  none: 1,
  recordRoute: 7,
  timestamp: 68,
  looseRoute: 131,
  securityLabel: 134,
  strictRoute: 137,
} as const;

/** Where in the header an option stands: the offset of its type byte, and its length. */
export interface Option {
  readonly type: number;
  readonly at: number;
  readonly length: number;
}

/** What a time stamp option asks for, by the last bits of its fourth byte. */
export const timestampKind = { timeOnly: 0, withAddress: 1, prescribed: 3 } as const;

/** What the host found in a received packet's options, and filled in (struct ip_options). */
export interface ReceivedOptions {
  /** The host wrote into the header, whose checksum is not right until the packet is sent on. */
  changed: boolean;
  recordRoute?: Option & { readonly needsAddress: boolean };
  timestamp?: Option & { readonly needsAddress: boolean; readonly needsTime: boolean };
  securityLabel?: Option;
}

/** The next option at or behind `at`; the offset of the byte that is wrong; `undefined` at the end. */
export function optionAt(
  bytes: Uint8Array,
  at: number,
  end: number,
): Option | { readonly wrongAt: number } | undefined {
  let start = at;
  while (start < end && bytes[start] === option.none) start++;
  const type = bytes[start]!;
  if (start >= end || type === option.end) return undefined;
  const length = start + 1 < end ? bytes[start + 1]! : 0;
  if (length < 2 || start + length > end) return { wrongAt: start };
  return { type, at: start, length };
}

/** What ip_options_compile (net/ipv4/ip_options.c) finds wrong with one option; `before` are the types that came before. */
export function problemOf(
  bytes: Uint8Array,
  { type, at, length }: Option,
  before: ReadonlySet<number>,
): number | undefined {
  const isSourceRoute = type === option.looseRoute || type === option.strictRoute;
  if (type === option.securityLabel) return before.has(type) ? at : at + 2;
  if (type === option.timestamp) return before.has(type) ? at : timestampProblem(bytes, at, length);
  if (!isSourceRoute && type !== option.recordRoute) return undefined;
  if (length < 3) return at + 1;
  const pointer = bytes[at + 2]!;
  if (pointer < 4) return at + 2;
  const rivals = isSourceRoute ? [option.looseRoute, option.strictRoute] : [type];
  if (rivals.some((rival) => before.has(rival))) return at;
  return type === option.recordRoute && pointer <= length && pointer + 3 > length ? at + 2 : undefined;
}

function timestampProblem(bytes: Uint8Array, at: number, length: number): number | undefined {
  if (length < 4) return at + 1;
  const pointer = bytes[at + 2]!;
  if (pointer < 5) return at + 2;
  const kind = bytes[at + 3]! & 15;
  const isPaired = kind === timestampKind.withAddress || kind === timestampKind.prescribed;
  if (pointer <= length) return pointer + (isPaired ? 7 : 3) > length ? at + 2 : undefined;
  return kind !== timestampKind.prescribed && bytes[at + 3]! >> 4 === 15 ? at + 3 : undefined;
}

export const readAddress = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);

/** Milliseconds since midnight UTC of a moment in seconds since 1970, as four bytes (inet_current_timestamp). */
export function timestampBytes(now: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, Math.floor(now * 1000) % 86_400_000);
  return bytes;
}

/** ip_options_fragment: options that are not to be copied are blanked in all pieces but the first. */
export function blankUncopiedOptions(bytes: Uint8Array, end: number): void {
  for (let at = 20; ; ) {
    const next = optionAt(bytes, at, end);
    if (next === undefined || "wrongAt" in next) return;
    at = next.at + next.length;
    if ((next.type & 0x80) === 0) bytes.fill(option.none, next.at, at);
  }
}
