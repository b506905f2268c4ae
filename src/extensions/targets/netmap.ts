import { mappedNetwork } from "../../arg-types/mapped-network.ts";
import { defineTarget } from "../extension.ts";

export const netmap = defineTarget({
  name: "NETMAP",
  summary: "Maps a whole network onto another one: only the network's bits of the address change",
  validIn: { tables: ["nat"] },
  needsConntrack: true,
  options: { to: { arg: mappedNetwork, help: "the network", required: true } },
  effects: ({ to }) => [{ kind: "netmap", network: to.value.address, mask: to.value.mask }],
  examples: [
    {
      rule: "-d 192.0.2.0/24 -j NETMAP --to 10.0.0.0/255.255.255.0",
      saves: "-d 192.0.2.0/24 -j NETMAP --to 10.0.0.0/24",
    },
    { rule: "-j NETMAP --to 2001:db8::5/64", family: "ipv6", saves: "-j NETMAP --to 2001:db8::/64" },
    { rule: "-j NETMAP", refused: "option-missing" },
    { rule: "-j NETMAP --to 10.0.0.0/24", at: "filter/INPUT", refused: "wrong-place" },
  ],
});
