import { defineMatch } from "../extension.ts";
import { judgeOptions, optionsLength, optionsList } from "../header-option-list.ts";
import { judged } from "../judged.ts";
import { optionText } from "../option-text.ts";

export const hbh = defineMatch({
  name: "hbh",
  summary: "Hop-by-hop options of IPv6: how long their header is, and which options it begins with",
  validIn: { families: ["ipv6"] },
  options: {
    "hbh-len": { arg: optionsLength, help: "bytes of the whole header", invertible: true },
    "hbh-opts": {
      arg: optionsList,
      help: "the header's first options, with the lengths that they must have; at most 16",
    },
  },
  meaning(args, { family }) {
    const { "hbh-len": length, "hbh-opts": options } = args;
    return judged(
      optionText("hbh", this.options, args, family),
      "the hop-by-hop options are cut short",
      (packet) => judgeOptions(packet, 0, length, options),
    );
  },
  examples: [
    { rule: "-m hbh --hbh-opts 1:4,5 ! --hbh-len 8", saves: "-m hbh ! --hbh-len 8 --hbh-opts 1:4,5" },
    { rule: "-m hbh --hbh-opts 0x5:0x2 -j DROP", saves: "-m hbh --hbh-opts 5:2 -j DROP" },
    { rule: "-m hbh", packet: "-p tcp --syn", matches: false },
    { rule: "-m hbh --hbh-opts 0:1", refused: "bad-value" },
    { rule: "-m hbh ! --hbh-opts 5", refused: "not-invertible" },
    { rule: "-m hbh", family: "ipv4", refused: "wrong-place" },
  ],
});
