import { flag } from "../../arg-types/arg-type.ts";
import { natSource } from "../../arg-types/nat-range.ts";
import { defineTarget } from "../extension.ts";
import { portsNeedProtocol } from "../nat-protocols.ts";

export const snat = defineTarget({
  name: "SNAT",
  summary: "Makes the connection come from another address or port",
  validIn: { tables: ["nat"], hooks: ["POSTROUTING", "INPUT"] },
  needsConntrack: true,
  options: {
    "to-source": { arg: natSource, help: "addresses and ports to choose from", required: true },
    random: { arg: flag, help: "choose the port by a hash that starts at random" },
    "random-fully": { arg: flag, help: "choose the port at random" },
    persistent: { arg: flag, help: "give one client the same address each time" },
  },
  check: ({ "to-source": to }, site) => portsNeedProtocol("to-source", to.value.ports, site),
  effects: ({ "to-source": to, random, "random-fully": fully, persistent }) => [
    {
      kind: "nat",
      manip: "source",
      range: {
        ...to.value,
        ...(random && { random: true }),
        ...(fully && { randomFully: true }),
        ...(persistent && { persistent: true }),
      },
    },
  ],
  examples: [
    { rule: "-j SNAT --to-source 203.0.113.1", saves: "=" },
    {
      rule: "-p tcp -j SNAT --random-fully --random --to-source 203.0.113.1-203.0.113.4:1024-2000",
      saves: "-p tcp -j SNAT --to-source 203.0.113.1-203.0.113.4:1024-2000 --random --random-fully",
    },
    { rule: "-j SNAT --to-source 2001:db8::1", family: "ipv6", saves: "=" },
    { rule: "-j SNAT --to-source 203.0.113.1:1024", refused: "option-missing" },
    { rule: "-j SNAT --to-source 203.0.113.1", at: "nat/PREROUTING", refused: "wrong-place" },
    { rule: "-j SNAT", refused: "option-missing" },
  ],
});
