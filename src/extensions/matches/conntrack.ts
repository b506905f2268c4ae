import { type AddressMask, hostMask } from "../../arg-types/address-mask.ts";
import { choice } from "../../arg-types/choice.ts";
import { ctstateList } from "../../arg-types/connection-states.ts";
import { ctstatusList } from "../../arg-types/connection-status.ts";
import { integerRange } from "../../arg-types/integer-range.ts";
import { serviceRange } from "../../arg-types/port-range.ts";
import { protocolNumber } from "../../arg-types/protocol.ts";
import {
  and,
  equals,
  type Formula,
  inRanges,
  invertIf,
  masked,
  never,
  not,
  or,
} from "../../formula/formula.ts";
import { maskAddress } from "../../packet/address.ts";
import { type Field, fields } from "../../packet/fields.ts";
import { hasEntry, hasNoEntry, hasState } from "../connection-state.ts";
import { type Arg, defineMatch } from "../extension.ts";

const end = (help: string) => ({ arg: hostMask, help, invertible: true }) as const;
const port = (help: string) => ({ arg: serviceRange, help, invertible: true }) as const;

/** The condition of an option where the rule has it. */
function when<V>(arg: Arg<V> | undefined, formula: (value: V) => Formula): readonly Formula[] {
  return arg ? [invertIf(arg.inverted, formula(arg.value))] : [];
}

const network =
  (field: Field) =>
  ({ address, mask }: AddressMask): Formula =>
    masked(field, mask, maskAddress(address, mask));

const range =
  (field: Field) =>
  (bounds: readonly [number, number]): Formula =>
    bounds[0] <= bounds[1] ? inRanges(field, [bounds]) : never;

export const conntrack = defineMatch({
  name: "conntrack",
  summary: "What connection tracking knows of the packet's connection",
  needsConntrack: true,
  options: {
    ctstate: {
      arg: ctstateList,
      help: "INVALID, NEW, ESTABLISHED, RELATED, UNTRACKED, SNAT or DNAT, several with commas",
      invertible: true,
    },
    ctproto: { arg: protocolNumber, help: "the connection's protocol", invertible: true },
    ctorigsrc: end("source of the original direction"),
    ctorigdst: end("destination of the original direction"),
    ctreplsrc: end("source of the reply direction"),
    ctrepldst: end("destination of the reply direction"),
    ctorigsrcport: port("source port of the original direction"),
    ctorigdstport: port("destination port of the original direction"),
    ctreplsrcport: port("source port of the reply direction"),
    ctrepldstport: port("destination port of the reply direction"),
    ctstatus: {
      arg: ctstatusList,
      help: "NONE, EXPECTED, SEEN_REPLY, ASSURED or CONFIRMED, several with commas",
      invertible: true,
    },
    ctexpire: {
      arg: integerRange(2 ** 32 - 1, "time[:time]"),
      help: "seconds that the entry has left",
      invertible: true,
    },
    ctdir: { arg: choice(["ORIGINAL", "REPLY"]), help: "the direction that the packet goes" },
  },
  check(args) {
    if (Object.values(args).some((arg) => arg !== undefined)) return [];
    return [{ code: "option-missing", message: "conntrack: At least one option is required" }];
  },
  meaning(args, { family }) {
    const ipv4 = family === "ipv4";
    const details = [
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
    const state = when(args.ctstate, hasState);
    if (state.length === 0) return and(hasEntry, ...details);
    // conntrack_mt: where there is no entry the state alone decides
    return details.length === 0 ? and(...state) : and(...state, or(hasNoEntry, and(...details)));
  },
  examples: [
    {
      rule: "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
      saves: "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    },
    {
      rule: "-m conntrack ! --ctorigdst 192.0.2.1/24 --ctproto tcp --ctdir reply",
      saves: "-m conntrack --ctproto 6 ! --ctorigdst 192.0.2.1/24 --ctdir REPLY",
    },
    {
      rule: "-m conntrack --ctorigdstport 1024: --ctexpire :10",
      saves: "-m conntrack --ctorigdstport 1024:65535 --ctexpire 0:10",
    },
    {
      rule: "-m conntrack --ctstatus ASSURED,SEEN_REPLY",
      saves: "-m conntrack --ctstatus SEEN_REPLY,ASSURED",
    },
    { rule: "-m conntrack --ctstate NEW,", refused: "bad-value" },
    { rule: "-m conntrack ! --ctdir REPLY", refused: "not-invertible" },
    { rule: "-m conntrack", refused: "option-missing" },
  ],
});
