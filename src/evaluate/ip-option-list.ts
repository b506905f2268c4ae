import { writeAddress } from "../packet/address.ts";
import type { Packet } from "../packet/packet.ts";
import type { Journey } from "./journey.ts";

/** Option numbers (RFC 791, 3.1; RFC 2113). */
export const option = {
  end: 0,
  none: 1,
  recordRoute: 7,
  timestamp: 68,
  looseRoute: 131,
  strictRoute: 137,
} as const;

/** Where in the header an option stands: the offset of its type byte, and its length. */
export interface Option {
  readonly type: number;
  readonly at: number;
  readonly length: number;
}

/** The options of an IPv4 header, or the offset of the byte that is wrong. */
export function readOptions({
  bytes,
  transportOffset: end,
}: Packet): readonly Option[] | { readonly wrongAt: number } {
  const options: Option[] = [];
  for (let at = 20; at < end; ) {
    const type = bytes[at]!;
    if (type === option.end) break;
    if (type === option.none) {
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1]! : 0;
    if (length < 2 || at + length > end) return { wrongAt: at };
    const wrongAt = problemOf(bytes, at, length, options);
    if (wrongAt !== undefined) return { wrongAt };
    options.push({ type, at, length });
    at += length;
  }
  return options;
}

/** What ip_options_compile (net/ipv4/ip_options.c) finds wrong with one option. */
function problemOf(
  bytes: Uint8Array,
  at: number,
  length: number,
  before: readonly Option[],
): number | undefined {
  const type = bytes[at]!;
  const isRoute = type === option.recordRoute || type === option.looseRoute || type === option.strictRoute;
  if (!isRoute && type !== option.timestamp) return undefined;
  if (length < (type === option.timestamp ? 4 : 3)) return at + 1;
  const pointer = bytes[at + 2]!;
  if (pointer < (type === option.timestamp ? 5 : 4)) return at + 2;
  if (before.some((other) => other.type === type)) return at;
  return type === option.recordRoute && pointer <= length && pointer + 3 > length ? at + 2 : undefined;
}

/** The options of a packet that are answered: the record route, with the answer's own source behind what was recorded (__ip_options_echo). */
export function echoOptions({ packet, recordedRoute, own }: Journey, source: number): Uint8Array {
  if (!recordedRoute || own) return new Uint8Array();
  const options = readOptions(packet);
  const recordRoute =
    "wrongAt" in options ? undefined : options.find(({ type }) => type === option.recordRoute);
  if (!recordRoute) return new Uint8Array();
  const { at, length } = recordRoute;
  const echo = new Uint8Array((length + 3) & ~3);
  echo.set(packet.bytes.subarray(at, at + length));
  const pointer = echo[2]!;
  if (pointer <= length) {
    echo[2] = pointer + 4;
    writeAddress(echo, pointer - 1, source);
  }
  return echo;
}
