import { choice } from "../../arg-types/choice.ts";
import { equals, invertIf } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";

const numbers = { unicast: 0, broadcast: 1, multicast: 2, otherhost: 3 } as const;

export const pkttype = defineMatch({
  name: "pkttype",
  summary: "Whom the link layer sent the packet to",
  options: {
    "pkt-type": {
      arg: choice(["unicast", "broadcast", "multicast", "otherhost"], {
        aliases: { bcast: "broadcast", mcast: "multicast", host: "unicast" },
        message: (text) => `Bad packet type '${text}'`,
      }),
      help: "this host, everybody, a group or another host",
      invertible: true,
      required: true,
    },
  },
  meaning: ({ "pkt-type": { value, inverted } }) =>
    invertIf(inverted, equals(fields.packetType, numbers[value])),
  examples: [
    { rule: "-m pkttype --pkt-type bcast -j DROP", saves: "-m pkttype --pkt-type broadcast -j DROP" },
    { rule: "-m pkttype ! --pkt-type unicast", saves: "=" },
    { rule: "-m pkttype --pkt-type loopback", refused: "bad-value" },
    { rule: "-m pkttype", refused: "option-missing" },
  ],
});
