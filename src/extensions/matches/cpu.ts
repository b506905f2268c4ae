import { integer } from "../../arg-types/integer.ts";
import { invertIf } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";
import { told } from "../told.ts";

export const cpu = defineMatch({
  name: "cpu",
  summary: "The processor that handles the packet, as `--cpu` of the packet says",
  options: {
    cpu: {
      arg: integer({ min: 0, max: 2 ** 32 - 1 }),
      help: "its number, from 0",
      invertible: true,
      required: true,
    },
  },
  meaning: ({ cpu: { value, inverted } }) =>
    invertIf(
      inverted,
      told(
        `processor is ${value}`,
        (packet) => (packet.cpu === undefined ? undefined : packet.cpu === value),
        value === 0,
        "which processor handles the packet was not told (`--cpu` of the packet): taken as 0",
      ),
    ),
  examples: [
    { rule: "-m cpu --cpu 0x1 -j ACCEPT", saves: "-m cpu --cpu 1 -j ACCEPT" },
    { rule: "-m cpu ! --cpu 0", saves: "=" },
    { rule: "-m cpu ! --cpu 3", packet: "-p tcp --syn --cpu 1", matches: true },
    { rule: "-m cpu --cpu 4294967296", refused: "bad-value" },
    { rule: "-m cpu", refused: "option-missing" },
  ],
});
