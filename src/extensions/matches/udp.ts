import { serviceRange } from "../../arg-types/port-range.ts";
import { and } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";
import { anyPortUnlessTold, portOption } from "../port-option.ts";
import { portIn, wholeHeader } from "../transport-header.ts";

export const udp = defineMatch({
  name: "udp",
  summary: "UDP ports; loaded by `-p udp`",
  validIn: { protocols: [17] },
  options: {
    sport: { ...portOption("source", serviceRange), ...anyPortUnlessTold },
    dport: { ...portOption("destination", serviceRange), ...anyPortUnlessTold },
  },
  meaning({ sport, dport }) {
    return and(
      ...wholeHeader(8),
      portIn("source", [sport.value], sport.inverted),
      portIn("destination", [dport.value], dport.inverted),
    );
  },
  examples: [
    { rule: "-p udp --dport domain -j ACCEPT", saves: "-p udp -m udp --dport 53 -j ACCEPT" },
    { rule: "-p udp ! --sport 1:5 --dport 7:", saves: "-p udp -m udp ! --sport 1:5 --dport 7:65535" },
    { rule: "-p udp --dport nonesuch", refused: "bad-value" },
    { rule: "-p udp --dport 1:2:3", refused: "bad-value" },
    { rule: "-m udp --dport 53", refused: "wrong-place" },
    { rule: "-p udp --dport 53", packet: "-p udp --dport 53", matches: true },
    { rule: "-p udp --dport 1024:", packet: "-p udp --dport 53", matches: false },
  ],
});
