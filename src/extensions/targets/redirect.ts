import { flag } from "../../arg-types/arg-type.ts";
import { redirectPorts } from "../../arg-types/nat-ports.ts";
import { defineTarget } from "../extension.ts";
import { portsNeedProtocol } from "../nat-protocols.ts";

export const redirect = defineTarget({
  name: "REDIRECT",
  summary: "Sends the connection to the host itself",
  validIn: { tables: ["nat"], hooks: ["PREROUTING", "OUTPUT"] },
  needsConntrack: true,
  options: {
    "to-ports": { arg: redirectPorts, help: "ports to choose from" },
    random: { arg: flag, help: "choose the port at random" },
  },
  check: ({ "to-ports": ports }, site) => portsNeedProtocol("to-ports", ports, site),
  effects: ({ "to-ports": ports, random }) => [
    { kind: "redirect", range: { ...ports?.value, ...(random && { random: true }) } },
  ],
  examples: [
    {
      rule: "-p tcp --dport 80 -j REDIRECT --to-ports 8080",
      saves: "-p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080",
    },
    { rule: "-j REDIRECT", saves: "=" },
    { rule: "-j REDIRECT --to-ports 8080", refused: "option-missing" },
    { rule: "-p tcp -j REDIRECT --to-ports 8080-8090/80", refused: "bad-value" },
    { rule: "-j REDIRECT", at: "nat/POSTROUTING", refused: "wrong-place" },
  ],
});
