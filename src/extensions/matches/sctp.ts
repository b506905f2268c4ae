import { anyPort, portRange } from "../../arg-types/port-range.ts";
import { type ChunkTypes, chunkTypes } from "../../arg-types/sctp-chunks.ts";
import { and, type Formula, hotdropIf, invertIf, opaque } from "../../formula/formula.ts";
import { type Arg, defineMatch } from "../extension.ts";
import { portOption } from "../port-option.ts";
import { chunksMatch } from "../sctp-chunks.ts";
import { portIn, wholeHeader } from "../transport-header.ts";

function chunkFormulas({ value, inverted }: Arg<ChunkTypes>): readonly Formula[] {
  const key = `SCTP chunks ${chunkTypes.print(value, { family: "ipv4", protocol: undefined })}`;
  const malformed = opaque(`${key} cut short`, ({ packet }) => chunksMatch(packet, value) === "malformed");
  const wanted = opaque(key, ({ packet }) => chunksMatch(packet, value) === true);
  // inverted, the kernel counts a malformed packet for the rule before it drops it; here the rule doesn't count it
  return [hotdropIf(malformed, "an SCTP chunk is cut short"), invertIf(inverted, wanted)];
}

export const sctp = defineMatch({
  name: "sctp",
  summary: "SCTP ports and chunks; loaded by `-p sctp`",
  validIn: { protocols: [132] },
  options: {
    sport: { ...portOption("source", portRange), once: "Only one `--source-port' allowed" },
    dport: { ...portOption("destination", portRange), once: "Only one `--destination-port' allowed" },
    "chunk-types": {
      arg: chunkTypes,
      help: "any of the chunks, all of them, or only them; a flag in upper case is set, in lower case not",
      invertible: true,
    },
  },
  meaning({ sport, dport, "chunk-types": chunks }) {
    return and(
      ...wholeHeader(12),
      portIn("source", [sport?.value ?? anyPort], sport?.inverted ?? false),
      portIn("destination", [dport?.value ?? anyPort], dport?.inverted ?? false),
      ...(chunks ? chunkFormulas(chunks) : []),
    );
  },
  examples: [
    { rule: "-p sctp --dport 7: -j ACCEPT", saves: "-p sctp -m sctp --dport 7:65535 -j ACCEPT" },
    {
      rule: "-p sctp --chunk-types ANY data:Be,init",
      saves: "-p sctp -m sctp --chunk-types any DATA:Be,INIT",
    },
    { rule: "-p sctp --chunk-types any foo", refused: "bad-value" },
    { rule: "-p sctp --dport 5:1", refused: "bad-value" },
    { rule: "-m sctp --dport 5", refused: "wrong-place" },
  ],
});
