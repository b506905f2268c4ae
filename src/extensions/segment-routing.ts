import type { AddressMask } from "../arg-types/address-mask.ts";
import { maskAddress } from "../packet/address.ts";
import type { Arg } from "./extension.ts";
import type { RoutingHeader } from "./routing-header.ts";

/** The options of `-m srh`, by name. */
export type SegmentOptions = Readonly<Record<string, Arg<unknown> | undefined>>;

/** RFC 8754, 2. */
const segmentRouting = 4;

type Compare = (own: number, wanted: number) => boolean;
const ways: Readonly<Record<string, Compare>> = {
  eq: (own, wanted) => own === wanted,
  gt: (own, wanted) => own > wanted,
  lt: (own, wanted) => own < wanted,
};

/** Whether a routing header is one of segment routing that fits, in the kernel's order (srh1_mt6 in ip6t_srh.c). */
export function segmentsMatch(header: RoutingHeader, args: SegmentOptions): boolean {
  const { segmentsLeft, lengthField, reserved } = header;
  if (!header.complete || reserved === undefined || header.type !== segmentRouting) return false;
  const lastEntry = reserved >>> 24;
  if (segmentsLeft > lastEntry) return false;
  const numbers: Readonly<Record<string, number>> = {
    "srh-hdr-len": lengthField,
    "srh-segs-left": segmentsLeft,
    "srh-last-entry": lastEntry,
  };
  for (const [name, own] of Object.entries(numbers)) {
    for (const [way, compare] of Object.entries(ways)) {
      const arg = args[`${name}-${way}`];
      if (arg && compare(own, Number(arg.value)) === arg.inverted) return false;
    }
  }
  return (
    isNumber(header.nextHeader, args["srh-next-hdr"]) &&
    // the kernel compares the tag as a little-endian machine reads it
    isNumber(swapped(reserved & 0xffff), args["srh-tag"]) &&
    // the list is in reverse: the last segment comes first
    isSegment(header.address(segmentsLeft + 1), segmentsLeft < lastEntry, args["srh-psid"]) &&
    isSegment(header.address(segmentsLeft - 1), segmentsLeft > 0, args["srh-nsid"]) &&
    isSegment(header.address(0), true, args["srh-lsid"])
  );
}

const swapped = (word: number): number => ((word & 0xff) << 8) | (word >> 8);

const isNumber = (own: number, arg: Arg<unknown> | undefined): boolean =>
  !arg || (own === arg.value) !== arg.inverted;

/** A header without such a segment does not match, whatever is asked of it. */
function isSegment(own: bigint | undefined, there: boolean, arg: Arg<unknown> | undefined): boolean {
  if (!arg) return true;
  if (!there || own === undefined) return false;
  const { address, mask } = arg.value as AddressMask;
  return (maskAddress(own, mask) === maskAddress(address, mask)) !== arg.inverted;
}
