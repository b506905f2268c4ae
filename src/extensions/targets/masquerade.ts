import { flag } from "../../arg-types/arg-type.ts";
import { masqueradePorts } from "../../arg-types/nat-ports.ts";
import { defineTarget } from "../extension.ts";
import { portsNeedProtocol } from "../nat-protocols.ts";

export const masquerade = defineTarget({
  name: "MASQUERADE",
  summary: "Makes the connection come from the address of the interface that it leaves by",
  validIn: { tables: ["nat"], hooks: ["POSTROUTING"] },
  needsConntrack: true,
  options: {
    "to-ports": { arg: masqueradePorts, help: "ports to choose from" },
    random: { arg: flag, help: "choose the port by a hash that starts at random" },
    "random-fully": { arg: flag, help: "choose the port at random" },
  },
  check: ({ "to-ports": ports }, site) => portsNeedProtocol("to-ports", ports, site),
  effects: ({ "to-ports": ports, random, "random-fully": fully }) => [
    {
      kind: "masquerade",
      range: {
        ...ports?.value,
        ...(random && { random: true }),
        ...(fully && { randomFully: true }),
      },
    },
  ],
  examples: [
    { rule: "-o eth0 -j MASQUERADE", saves: "=" },
    {
      rule: "-p tcp -j MASQUERADE --random --to-ports 1024-31000",
      saves: "-p tcp -j MASQUERADE --to-ports 1024-31000 --random",
    },
    { rule: "-j MASQUERADE --to-ports 1024", refused: "option-missing" },
    { rule: "-p tcp -j MASQUERADE --to-ports 1024:2000", refused: "bad-value" },
    { rule: "-j MASQUERADE", at: "nat/PREROUTING", refused: "wrong-place" },
  ],
});
