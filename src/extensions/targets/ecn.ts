import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { defineTarget } from "../extension.ts";
import { plain, present } from "../plain-arg.ts";
import { kernelRefuses, missing } from "../problem.ts";

const tcp = 6;
const bit = integer({ min: 0, max: 1, placeholder: "0|1" });
const off = plain(0);

export const ecn = defineTarget({
  name: "ECN",
  summary: "Rewrites the bits of Explicit Congestion Notification, and goes on",
  validIn: { families: ["ipv4"], tables: ["mangle"] },
  options: {
    "ecn-tcp-remove": {
      arg: flag,
      help: "take them out of the TCP header",
      excludes: ["ecn-tcp-cwr", "ecn-tcp-ece"],
    },
    "ecn-tcp-ece": { arg: bit, help: "the TCP header's ECE bit" },
    "ecn-tcp-cwr": { arg: bit, help: "the TCP header's CWR bit" },
    "ecn-ip-ect": { arg: integer({ min: 0, max: 3 }), help: "the IP header's two bits" },
  },
  normalize(args) {
    const { "ecn-tcp-remove": removes, "ecn-ip-ect": ect, "ecn-tcp-ece": ece, "ecn-tcp-cwr": cwr } = args;
    const given = Object.keys(args).filter((name) => args[name as keyof typeof args] !== undefined);
    // --ecn-tcp-remove forgets what stood before it (libipt_ECN.c)
    const forgets = removes && given.indexOf("ecn-ip-ect") < given.indexOf("ecn-tcp-remove");
    if (forgets) return { "ecn-tcp-remove": present };
    if (removes && ect) return { "ecn-tcp-ece": off, "ecn-tcp-cwr": off, "ecn-ip-ect": ect };
    if (!ect && ece?.value === 0 && cwr?.value === 0) return { "ecn-tcp-remove": present };
    return args;
  },
  check(
    { "ecn-tcp-remove": removes, "ecn-tcp-ece": ece, "ecn-tcp-cwr": cwr, "ecn-ip-ect": ect },
    { protocol },
  ) {
    const ofTcp = removes ?? ece ?? cwr;
    if (!ofTcp && !ect) return [missing("ECN target: An operation is required")];
    if (!ofTcp || (protocol?.value === tcp && !protocol.inverted)) return [];
    return [kernelRefuses("only TCP has these bits", { help: "add `-p tcp`" })];
  },
  effects({ "ecn-tcp-remove": removes, "ecn-tcp-ece": ece, "ecn-tcp-cwr": cwr, "ecn-ip-ect": ect }) {
    const bits = removes
      ? { echo: false, reduced: false }
      : { ...(ece && { echo: ece.value === 1 }), ...(cwr && { reduced: cwr.value === 1 }) };
    return [
      ...(ect ? [{ kind: "tos", clear: 3, xor: ect.value } as const] : []),
      ...(Object.keys(bits).length > 0 ? [{ kind: "tcp-ecn", ...bits } as const] : []),
    ];
  },
  examples: [
    { rule: "-p tcp -j ECN --ecn-tcp-remove", saves: "=" },
    { rule: "-p tcp -j ECN --ecn-tcp-cwr 0 --ecn-tcp-ece 0", saves: "-p tcp -j ECN --ecn-tcp-remove" },
    { rule: "-j ECN --ecn-ip-ect 0", saves: "=" },
    { rule: "-j ECN", refused: "option-missing" },
    { rule: "-j ECN --ecn-tcp-remove", refused: "kernel-refuses" },
    { rule: "-p tcp -j ECN --ecn-tcp-cwr 2", refused: "bad-value" },
    { rule: "-p tcp -j ECN --ecn-tcp-remove --ecn-tcp-cwr 0", refused: "option-conflict" },
  ],
});
