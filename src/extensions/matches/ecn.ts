import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { always, and, inRanges, invertIf, masked } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { type Arg, defineMatch } from "../extension.ts";
import { misplaced, missing } from "../problem.ts";

const ece = 0x40;
const cwr = 0x80;
const tcp = 6;

const tcpFlag = (bit: number, arg: Arg<true> | undefined) =>
  arg ? invertIf(arg.inverted, masked(fields.tcpFlags, bit, bit)) : always;

export const ecn = defineMatch({
  name: "ecn",
  summary: "Explicit congestion notification (RFC 3168) of IP and TCP",
  options: {
    "ecn-tcp-ece": { arg: flag, help: "TCP's ECE bit is set", invertible: true },
    "ecn-tcp-cwr": { arg: flag, help: "TCP's CWR bit is set", invertible: true },
    "ecn-ip-ect": { arg: integer({ min: 0, max: 3 }), help: "the two ECN bits of IP", invertible: true },
  },
  check({ "ecn-tcp-ece": echo, "ecn-tcp-cwr": reduced, "ecn-ip-ect": ip }, { protocol }) {
    if (!echo && !reduced && !ip) {
      return [missing("ECN match: some option required")];
    }
    if (!(echo || reduced) || (protocol?.value === tcp && !protocol.inverted)) return [];
    return [misplaced("cannot match TCP bits for non-tcp packets")];
  },
  meaning({ "ecn-tcp-ece": echo, "ecn-tcp-cwr": reduced, "ecn-ip-ect": ip }) {
    const tcpHeader = echo || reduced ? inRanges(fields.transportLength, [[20, 65535]]) : always;
    return and(
      ip ? invertIf(ip.inverted, masked(fields.tos, 3, ip.value)) : always,
      tcpHeader,
      tcpFlag(ece, echo),
      tcpFlag(cwr, reduced),
    );
  },
  examples: [
    { rule: "-p tcp -m ecn --ecn-tcp-cwr ! --ecn-ip-ect 2", saves: "=" },
    { rule: "-m ecn --ecn-ip-ect 3 -j DROP", saves: "=" },
    { rule: "-m ecn --ecn-ip-ect 4", refused: "bad-value" },
    { rule: "-m ecn --ecn-tcp-cwr", refused: "wrong-place" },
    { rule: "-m ecn", refused: "option-missing" },
  ],
});
