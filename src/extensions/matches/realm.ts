import { realmMask } from "../../arg-types/realm.ts";
import { invertIf, not, unknown } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";

export const realm = defineMatch({
  name: "realm",
  summary: "The realm of the packet's route; realms are not modelled and taken as 0",
  validIn: { families: ["ipv4"], hooks: ["INPUT", "FORWARD", "OUTPUT", "POSTROUTING"] },
  options: {
    realm: {
      arg: realmMask,
      help: "the realm, looked at through the mask",
      invertible: true,
      required: true,
    },
  },
  meaning({ realm: { value, inverted } }) {
    const other = unknown("realms of routes are not modelled: every route is taken to have realm 0");
    return invertIf(inverted, value.value === 0 ? not(other) : other);
  },
  examples: [
    { rule: "-m realm --realm 0x10 -j ACCEPT", saves: "=" },
    { rule: "-m realm ! --realm 1/2", saves: "-m realm ! --realm 0x1/0x2" },
    { rule: "-m realm --realm nowhere", refused: "bad-value" },
    { rule: "-m realm", refused: "option-missing" },
    { rule: "-m realm --realm 1", at: "mangle/PREROUTING", refused: "wrong-place" },
  ],
});
