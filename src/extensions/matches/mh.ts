import { mhType } from "../../arg-types/mh-type.ts";
import { and, equals } from "../../formula/formula.ts";
import { extensionHeader } from "../../packet/extension-header.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { judged, within } from "../judged.ts";
import { optionText } from "../option-text.ts";

export const mh = defineMatch({
  name: "mh",
  summary: "The type of a mobility header (RFC 6275)",
  validIn: { families: ["ipv6"], protocols: [135] },
  options: {
    "mh-type": {
      arg: mhType,
      help: "the type or a range of them, by number, name or abbreviation",
      invertible: true,
      fallback: [0, 255],
      omitFallback: true,
      omitInverted: true,
    },
  },
  meaning(args, { family }) {
    const key = optionText("mh", this.options, args, family);
    const malformed = "the mobility header is cut short, or something follows it";
    return and(
      equals(fields.fragmentOffset, 0),
      judged(key, malformed, (packet) => {
        if (packet.transportLength < 6 || packet.transportByte(0) !== extensionHeader.none)
          return "malformed";
        return within(packet.transportByte(2), args["mh-type"]);
      }),
    );
  },
  examples: [
    { rule: "-p mh -m mh --mh-type bu -j ACCEPT", saves: "-p mobility-header -m mh --mh-type 5 -j ACCEPT" },
    { rule: "-p 135 -m mh ! --mh-type hoti:cot", saves: "-p mobility-header -m mh ! --mh-type 1:4" },
    { rule: "-p mh -m mh --mh-type 3:1", refused: "bad-value" },
    { rule: "-m mh --mh-type 3", refused: "wrong-place" },
  ],
});
