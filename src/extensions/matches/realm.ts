import { hex } from "../../arg-types/mark.ts";
import { realmMask } from "../../arg-types/realm.ts";
import { invertIf, opaque } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";

export const realm = defineMatch({
  name: "realm",
  summary: "The realm of the packet's route (`ip route … realm`)",
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
    const key = `realm is ${hex(value.value)}/${hex(value.mask)}`;
    const fits = opaque(key, ({ packet, world }) => {
      if (packet.realms === undefined)
        world.assume("realms of routes are not known: every route is taken to have realm 0");
      return ((packet.realms ?? 0) & value.mask) >>> 0 === value.value;
    });
    return invertIf(inverted, fits);
  },
  examples: [
    { rule: "-m realm --realm 0x10 -j ACCEPT", saves: "=" },
    { rule: "-m realm ! --realm 1/2", saves: "-m realm ! --realm 0x1/0x2" },
    { rule: "-m realm --realm nowhere", refused: "bad-value" },
    { rule: "-m realm", refused: "option-missing" },
    { rule: "-m realm --realm 1", at: "mangle/PREROUTING", refused: "wrong-place" },
  ],
});
