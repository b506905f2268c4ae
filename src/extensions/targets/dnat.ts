import { flag } from "../../arg-types/arg-type.ts";
import { natDestination } from "../../arg-types/nat-range.ts";
import { defineTarget } from "../extension.ts";
import { portsNeedProtocol } from "../nat-protocols.ts";

export const dnat = defineTarget({
  name: "DNAT",
  summary: "Sends the connection to another address or port",
  validIn: { tables: ["nat"], hooks: ["PREROUTING", "OUTPUT"] },
  needsConntrack: true,
  options: {
    "to-destination": { arg: natDestination, help: "addresses and ports to choose from", required: true },
    random: { arg: flag, help: "choose the port at random" },
    persistent: { arg: flag, help: "give one client the same address each time" },
  },
  check: ({ "to-destination": to }, site) => portsNeedProtocol("to-destination", to.value.ports, site),
  effects: ({ "to-destination": to, random, persistent }) => [
    {
      kind: "nat",
      manip: "destination",
      range: { ...to.value, ...(random && { random: true }), ...(persistent && { persistent: true }) },
    },
  ],
  examples: [
    { rule: "-j DNAT --to-destination 10.0.0.9", saves: "=" },
    {
      rule: "-p tcp -j DNAT --persistent --to-destination 10.0.0.4-10.0.0.9:80-90/8080",
      saves: "-p tcp -j DNAT --to-destination 10.0.0.4-10.0.0.9:80-90/8080 --persistent",
    },
    { rule: "-p tcp -j DNAT --to :8080", saves: "-p tcp -j DNAT --to-destination :8080" },
    { rule: "-p tcp -j DNAT --to-destination [2001:db8::1]:80", family: "ipv6", saves: "=" },
    { rule: "-j DNAT --to-destination 10.0.0.9:80", refused: "option-missing" },
    { rule: "-j DNAT --to-destination 10.0.0.9", at: "filter/INPUT", refused: "wrong-place" },
    { rule: "-p tcp -j DNAT --to-destination 10.0.0.9:90-80", refused: "bad-value" },
  ],
});
