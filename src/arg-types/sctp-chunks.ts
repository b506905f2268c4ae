import { type ArgType, bad, ok, type Result } from "./arg-type.ts";

/** One chunk type of the list; `flagMask` is 0 where its flags do not count. */
export interface ChunkWanted {
  readonly type: number;
  readonly flagMask: number;
  readonly flags: number;
}

/** `--chunk-types any|all|only list`. */
export interface ChunkTypes {
  readonly which: "any" | "all" | "only";
  /** By type; `ALL` stands for every type there is. */
  readonly chunks: readonly ChunkWanted[] | "ALL";
}

/** Chunk types (RFC 9260 and others) by number, with the flag letters of bits 7 to 0 (libxt_sctp.c). */
const known: readonly (readonly [type: number, name: string, flags?: string])[] = [
  [0, "DATA", "----IUBE"],
  [1, "INIT"],
  [2, "INIT_ACK"],
  [3, "SACK"],
  [4, "HEARTBEAT"],
  [5, "HEARTBEAT_ACK"],
  [6, "ABORT", "-------T"],
  [7, "SHUTDOWN"],
  [8, "SHUTDOWN_ACK"],
  [9, "ERROR"],
  [10, "COOKIE_ECHO"],
  [11, "COOKIE_ACK"],
  [12, "ECN_ECNE"],
  [13, "ECN_CWR"],
  [14, "SHUTDOWN_COMPLETE", "-------T"],
  [64, "I_DATA", "----IUBE"],
  [128, "ASCONF_ACK"],
  [130, "RE_CONFIG"],
  [132, "PAD"],
  [192, "FORWARD_TSN"],
  [193, "ASCONF"],
  [194, "I_FORWARD_TSN"],
];

const noFlags = "--------";

/**
 * One `NAME[:flags]`: an upper-case letter is a flag that must be set, a lower-case one a flag that must not. A `-` finds the
 * first bit without a name, as one that must not be set (parse_sctp_chunk, libxt_sctp.c).
 */
function parseChunk(text: string): Result<ChunkWanted> {
  const [name = "", letters = ""] = text.split(":");
  const found = known.find(([, each]) => each === name.toUpperCase());
  if (!found)
    return bad(`Unknown sctp chunk \`${name}'`, `known are ${known.map(([, each]) => each).join(", ")}`);
  const [type, , valid = noFlags] = found;
  let flagMask = 0;
  let flags = 0;
  for (const letter of letters) {
    const index = valid.indexOf(letter.toUpperCase());
    if (index < 0) return bad(`Invalid flags for chunk type ${type}`);
    flagMask |= 0x80 >> index;
    if (/[A-Z]/.test(letter)) flags |= 0x80 >> index;
  }
  return ok({ type, flagMask, flags });
}

function printChunk({ type, flagMask, flags }: ChunkWanted): string {
  const [, name = "", valid = noFlags] = known.find(([each]) => each === type) ?? [];
  const letters = [...valid].map((letter, index) => {
    const bit = 0x80 >> index;
    return (flagMask & bit) === 0 ? "" : (flags & bit) !== 0 ? letter : letter.toLowerCase();
  });
  return flagMask === 0 ? name : `${name}:${letters.join("")}`;
}

function parseList(text: string): Result<ChunkTypes["chunks"]> {
  if (text.toUpperCase() === "ALL") return ok("ALL");
  if (text.toUpperCase() === "NONE") return ok([]);
  const chunks = new Map<number, ChunkWanted>();
  for (const word of text.split(",").filter((each) => each !== "")) {
    const chunk = parseChunk(word);
    if (!chunk.ok) return chunk;
    chunks.set(chunk.value.type, chunk.value);
  }
  return ok([...chunks.values()].sort((a, b) => a.type - b.type));
}

const whichWords = ["any", "all", "only"] as const;

export const chunkTypes: ArgType<ChunkTypes> = {
  placeholder: "any|all|only chunk[:flags][,...]",
  words: 2,
  parse([whichText = "", list]) {
    const which = whichWords.find((word) => word === whichText.toLowerCase());
    if (!which) return bad('Match type has to be one of "ALL", "ANY" or "ONLY"');
    if (list === undefined) return bad("--chunk-types requires two args");
    const chunks = parseList(list);
    return chunks.ok ? ok({ which, chunks: chunks.value }) : chunks;
  },
  print({ which, chunks }) {
    const list = chunks === "ALL" ? "ALL" : chunks.length === 0 ? "NONE" : chunks.map(printChunk).join(",");
    return `${which} ${list}`;
  },
  samples: [
    { which: "any", chunks: [{ type: 1, flagMask: 0, flags: 0 }] },
    {
      which: "all",
      chunks: [
        { type: 0, flagMask: 3, flags: 2 },
        { type: 6, flagMask: 1, flags: 0 },
      ],
    },
    { which: "only", chunks: "ALL" },
    { which: "any", chunks: [] },
  ],
};
