import { macAddress } from "../../arg-types/mac-address.ts";
import { inRanges } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { outside } from "../transport-header.ts";

export const mac = defineMatch({
  name: "mac",
  summary: "Source MAC address of packets that came in over Ethernet",
  validIn: { hooks: ["PREROUTING", "INPUT", "FORWARD"] },
  options: {
    "mac-source": { arg: macAddress, help: "the Ethernet source address", invertible: true, required: true },
  },
  meaning({ "mac-source": { value, inverted } }) {
    // xt_mac: a packet without Ethernet header matches neither way
    return inRanges(fields.macSource, inverted ? outside([[value, value]], 2 ** 48 - 1) : [[value, value]]);
  },
  examples: [
    {
      rule: "-m mac --mac-source 0:50:56:AB:34:56 -j ACCEPT",
      saves: "-m mac --mac-source 00:50:56:ab:34:56 -j ACCEPT",
    },
    { rule: "-m mac ! --mac-source 00:50:56:12:34:56", saves: "=" },
    { rule: "-m mac --mac-source 00-50-56-12-34-56", refused: "bad-value" },
    { rule: "-m mac", refused: "option-missing" },
    { rule: "-m mac --mac-source 00:50:56:12:34:56", at: "filter/OUTPUT", refused: "wrong-place" },
  ],
});
