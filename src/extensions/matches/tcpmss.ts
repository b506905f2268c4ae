import { integerRange } from "../../arg-types/integer-range.ts";
import { and, hotdropIf, inRanges, invertIf, opaque } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { badValue } from "../problem.ts";

const malformed = opaque("TCP header or options are cut short", ({ packet }) => {
  const length = (packet.matchedByte(12) >> 4) * 4;
  return packet.matchedLength < Math.max(20, length) || length < 20;
});

export const tcpmss = defineMatch({
  name: "tcpmss",
  summary: "The maximum segment size that a TCP header announces",
  validIn: { protocols: [6] },
  options: {
    mss: {
      arg: integerRange(65535, "size[:size]"),
      help: "the size or a range of sizes; a header without the option matches only inverted",
      invertible: true,
      required: true,
    },
  },
  check({ mss: { value } }) {
    return value[0] <= value[1] ? [] : [badValue("tcpmss: invalid range given", { option: "mss" })];
  },
  meaning: ({ mss: { value, inverted } }) =>
    and(
      hotdropIf(malformed, "the TCP header is malformed"),
      invertIf(inverted, inRanges(fields.tcpMss, [value])),
    ),
  examples: [
    { rule: "-p tcp -m tcpmss --mss 536: -j DROP", saves: "-p tcp -m tcpmss --mss 536:65535 -j DROP" },
    { rule: "-p tcp -m tcpmss ! --mss 1:500", saves: "=" },
    { rule: "-p tcp -m tcpmss --mss 500:1", refused: "bad-value" },
    { rule: "-p tcp -m tcpmss", refused: "option-missing" },
    { rule: "-m tcpmss --mss 1", refused: "wrong-place" },
  ],
});
