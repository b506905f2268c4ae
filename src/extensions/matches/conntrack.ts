import { hostMask } from "../../arg-types/address-mask.ts";
import { choice } from "../../arg-types/choice.ts";
import { ctstateList } from "../../arg-types/connection-states.ts";
import { ctstatusList } from "../../arg-types/connection-status.ts";
import { integerRange } from "../../arg-types/integer-range.ts";
import { serviceRange } from "../../arg-types/port-range.ts";
import { protocolNumber } from "../../arg-types/protocol.ts";
import { and, or } from "../../formula/formula.ts";
import { connectionDetails, when } from "../connection-details.ts";
import { hasEntry, hasNoEntry, hasState } from "../connection-state.ts";
import { defineMatch } from "../extension.ts";
import { missing } from "../problem.ts";

const end = (help: string) => ({ arg: hostMask, help, invertible: true }) as const;
const port = (help: string) => ({ arg: serviceRange, help, invertible: true }) as const;

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
    return [missing("conntrack: At least one option is required")];
  },
  meaning(args, { family }) {
    const details = connectionDetails(args, family);
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
