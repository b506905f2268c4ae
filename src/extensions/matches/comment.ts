import { quotedString } from "../../arg-types/quoted-string.ts";
import { always } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";

export const comment = defineMatch({
  name: "comment",
  summary: "A note for people; every packet matches",
  options: {
    comment: {
      // XT_MAX_COMMENT_LEN with its closing zero
      arg: quotedString("text", 255),
      help: "the note, up to 255 bytes; iptables cuts off the rest",
      required: true,
    },
  },
  meaning: () => always,
  examples: [
    { rule: "-m comment --comment ssh -j ACCEPT", saves: "=" },
    { rule: '-m comment --comment "from the office"', saves: "=" },
    { rule: "-m comment --comment 10.0.0.1", saves: '-m comment --comment "10.0.0.1"' },
    { rule: "-m comment", refused: "option-missing" },
    { rule: "-m comment ! --comment x", refused: "not-invertible" },
    { rule: "-m comment --comment x", packet: "-p tcp --dport 22", matches: true },
  ],
});
