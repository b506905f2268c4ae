import type { AddressMask } from "../arg-types/address-mask.ts";
import { equals, type Formula, inRanges, invertIf, masked, never, not } from "../formula/formula.ts";
import { type Family, maskAddress } from "../packet/address.ts";
import { type Field, fields } from "../packet/fields.ts";
import type { Arg } from "./extension.ts";

type Bounds = readonly [low: number, high: number];

/** The options of `-m conntrack` that ask what an entry says, by name. */
export interface DetailArgs {
  readonly ctproto?: Arg<number>;
  readonly ctorigsrc?: Arg<AddressMask>;
  readonly ctorigdst?: Arg<AddressMask>;
  readonly ctreplsrc?: Arg<AddressMask>;
  readonly ctrepldst?: Arg<AddressMask>;
  readonly ctorigsrcport?: Arg<Bounds>;
  readonly ctorigdstport?: Arg<Bounds>;
  readonly ctreplsrcport?: Arg<Bounds>;
  readonly ctrepldstport?: Arg<Bounds>;
  readonly ctstatus?: Arg<number>;
  readonly ctexpire?: Arg<Bounds>;
  readonly ctdir?: Arg<"ORIGINAL" | "REPLY">;
}

/** The condition of an option where the rule has it. */
export function when<V>(arg: Arg<V> | undefined, formula: (value: V) => Formula): readonly Formula[] {
  return arg ? [invertIf(arg.inverted, formula(arg.value))] : [];
}

const network =
  (field: Field) =>
  ({ address, mask }: AddressMask): Formula =>
    masked(field, mask, maskAddress(address, mask));

const range =
  (field: Field) =>
  (bounds: Bounds): Formula =>
    bounds[0] <= bounds[1] ? inRanges(field, [bounds]) : never;

/** What an entry must say, in the kernel's order (conntrack_mt); nothing where no option asks. */
export function connectionDetails(args: DetailArgs, family: Family): readonly Formula[] {
  const ipv4 = family === "ipv4";
  return [
    ...when(args.ctdir, (direction) => equals(fields.ctdirection, direction === "ORIGINAL" ? 0 : 1)),
    ...when(args.ctorigsrc, network(ipv4 ? fields.ctOriginalSource : fields.ctOriginalSource6)),
    ...when(args.ctorigdst, network(ipv4 ? fields.ctOriginalDestination : fields.ctOriginalDestination6)),
    ...when(args.ctreplsrc, network(ipv4 ? fields.ctReplySource : fields.ctReplySource6)),
    ...when(args.ctrepldst, network(ipv4 ? fields.ctReplyDestination : fields.ctReplyDestination6)),
    ...when(args.ctproto, (protocol) => equals(fields.ctprotocol, protocol)),
    ...when(args.ctorigsrcport, range(fields.ctOriginalSourcePort)),
    ...when(args.ctorigdstport, range(fields.ctOriginalDestinationPort)),
    ...when(args.ctreplsrcport, range(fields.ctReplySourcePort)),
    ...when(args.ctrepldstport, range(fields.ctReplyDestinationPort)),
    ...when(args.ctstatus, (bits) => (bits === 0 ? never : not(masked(fields.ctstatus, bits, 0)))),
    ...when(args.ctexpire, range(fields.ctexpire)),
  ];
}
