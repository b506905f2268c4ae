import { flag } from "../../arg-types/arg-type.ts";
import { defineTarget } from "../extension.ts";

export const checksum = defineTarget({
  name: "CHECKSUM",
  summary: "Fills in a checksum that was left to the network card, and goes on",
  validIn: { tables: ["mangle"] },
  options: { "checksum-fill": { arg: flag, help: "fill it in", required: true } },
  // our packets have their checksums
  effects: () => [],
  examples: [
    {
      rule: "-p udp --dport 68 -j CHECKSUM --checksum-fill",
      at: "mangle/POSTROUTING",
      saves: "-p udp -m udp --dport 68 -j CHECKSUM --checksum-fill",
    },
    { rule: "-j CHECKSUM", refused: "option-missing" },
    { rule: "-j CHECKSUM --checksum-fill", at: "filter/INPUT", refused: "wrong-place" },
  ],
});
