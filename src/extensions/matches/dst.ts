import { defineMatch } from "../extension.ts";
import { judgeOptions, optionsLength, optionsList } from "../header-option-list.ts";
import { judged } from "../judged.ts";
import { optionText } from "../option-text.ts";

export const dst = defineMatch({
  name: "dst",
  summary: "Destination options of IPv6: how long their header is, and which options it begins with",
  validIn: { families: ["ipv6"] },
  options: {
    "dst-len": { arg: optionsLength, help: "bytes of the whole header", invertible: true },
    "dst-opts": {
      arg: optionsList,
      help: "the header's first options, with the lengths that they must have; at most 16",
    },
  },
  meaning(args, { family }) {
    const { "dst-len": length, "dst-opts": options } = args;
    return judged(
      optionText("dst", this.options, args, family),
      "the destination options are cut short",
      (packet) => judgeOptions(packet, 60, length, options),
    );
  },
  examples: [
    { rule: "-m dst --dst-opts 1:4,5 ! --dst-len 8", saves: "-m dst ! --dst-len 8 --dst-opts 1:4,5" },
    { rule: "-m dst --dst-opts 0x5:0x2 -j DROP", saves: "-m dst --dst-opts 5:2 -j DROP" },
    { rule: "-m dst", packet: "-p tcp --syn", matches: false },
    { rule: "-m dst --dst-opts 0:1", refused: "bad-value" },
    { rule: "-m dst ! --dst-opts 5", refused: "not-invertible" },
    { rule: "-m dst", family: "ipv4", refused: "wrong-place" },
  ],
});
