import { tosMask } from "../../arg-types/tos.ts";
import { invertIf } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { maskedValue } from "../masked-value.ts";

export const tos = defineMatch({
  name: "tos",
  summary: "IPv4's type of service or IPv6's traffic class, all eight bits",
  options: {
    tos: { arg: tosMask, help: "the byte, looked at through the mask", invertible: true, required: true },
  },
  meaning: ({ tos: { value, inverted } }) => invertIf(inverted, maskedValue(fields.tos, value)),
  examples: [
    { rule: "-m tos --tos 16 -j ACCEPT", saves: "-m tos --tos 0x10/0xff -j ACCEPT" },
    { rule: "-m tos --tos Minimize-Delay", saves: "-m tos --tos 0x10/0x3f" },
    { rule: "-m tos ! --tos 0x3f/0x0f", saves: "=" },
    { rule: "-m tos --tos Minimize", refused: "bad-value" },
    { rule: "-m tos", refused: "option-missing" },
  ],
});
