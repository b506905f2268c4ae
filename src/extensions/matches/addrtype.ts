import { addressTypeList } from "../../arg-types/address-types.ts";
import { flag } from "../../arg-types/arg-type.ts";
import { and, invertIf } from "../../formula/formula.ts";
import { badIpv6Types, type End, hasAddressType, type Limit } from "../address-type.ts";
import { type Arg, defineMatch, type Problem } from "../extension.ts";
import { misplaced, missing } from "../problem.ts";

export const addrtype = defineMatch({
  name: "addrtype",
  summary: "What an address is to this host: its own, a broadcast, somebody's …",
  options: {
    "src-type": { arg: addressTypeList, help: "type of the source address", invertible: true },
    "dst-type": { arg: addressTypeList, help: "type of the destination address", invertible: true },
    "limit-iface-in": {
      arg: flag,
      help: "look at the incoming interface's addresses only",
      excludes: ["limit-iface-out"],
    },
    "limit-iface-out": {
      arg: flag,
      help: "look at the outgoing interface's addresses only",
      excludes: ["limit-iface-in"],
    },
  },
  check(args, { family, hooks }) {
    const { "src-type": source, "dst-type": destination } = args;
    if (!source && !destination) {
      return [missing("addrtype: you must specify --src-type or --dst-type")];
    }
    const problems: Problem[] = [];
    if (args["limit-iface-out"] && hooks.some((hook) => hook === "PREROUTING" || hook === "INPUT")) {
      problems.push(
        misplaced("output interface limitation not valid in PREROUTING and INPUT", {
          option: "limit-iface-out",
        }),
      );
    }
    if (args["limit-iface-in"] && hooks.some((hook) => hook === "POSTROUTING" || hook === "OUTPUT")) {
      problems.push(
        misplaced("input interface limitation not valid in POSTROUTING and OUTPUT", {
          option: "limit-iface-in",
        }),
      );
    }
    if (family === "ipv6") problems.push(...badIpv6Types((source?.value ?? 0) | (destination?.value ?? 0)));
    return problems;
  },
  meaning(args, { family }) {
    const limit: Limit = args["limit-iface-in"]
      ? "inDevice"
      : args["limit-iface-out"]
        ? "outDevice"
        : undefined;
    const typeOf = (end: End, arg: Arg<number> | undefined) =>
      arg && arg.value !== 0 ? [invertIf(arg.inverted, hasAddressType(end, arg.value, limit, family))] : [];
    return and(...typeOf("source", args["src-type"]), ...typeOf("destination", args["dst-type"]));
  },
  examples: [
    {
      rule: "-m addrtype --dst-type BROADCAST,LOCAL -j DROP",
      saves: "-m addrtype --dst-type LOCAL,BROADCAST -j DROP",
    },
    {
      rule: "-m addrtype ! --dst-type LOCAL --src-type unicast",
      saves: "-m addrtype --src-type UNICAST ! --dst-type LOCAL",
    },
    { rule: "-m addrtype --dst-type LOCAL --limit-iface-in", saves: "=" },
    { rule: "-m addrtype --dst-type FOO", refused: "bad-value" },
    { rule: "-m addrtype --limit-iface-in", refused: "option-missing" },
    { rule: "-m addrtype --dst-type LOCAL --limit-iface-in", at: "filter/OUTPUT", refused: "wrong-place" },
    { rule: "-m addrtype --dst-type BROADCAST", family: "ipv6", refused: "kernel-refuses" },
  ],
});
