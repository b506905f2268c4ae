import { type ArgType, bad, ok } from "./arg-type.ts";

/** DCCP packet types by number (RFC 4340, 5.1); INVALID is one that no packet should have (libxt_dccp.c). */
const names = [
  "REQUEST",
  "RESPONSE",
  "DATA",
  "ACK",
  "DATAACK",
  "CLOSEREQ",
  "CLOSE",
  "RESET",
  "SYNC",
  "SYNCACK",
  "INVALID",
] as const;

/** Names with commas as a set of bits, bit 0 for REQUEST. None at all is taken, too. */
export const dccpTypes: ArgType<number> = {
  placeholder: "type[,...]",
  words: 1,
  parse([text = ""]) {
    let bits = 0;
    for (const word of text.split(",").filter((each) => each !== "")) {
      const type = names.findIndex((name) => name.toLowerCase() === word.toLowerCase());
      if (type < 0) return bad(`Unknown DCCP type \`${word}'`, `known are ${names.join(", ")}`);
      bits |= 1 << type;
    }
    return ok(bits);
  },
  print: (bits) => names.filter((_, type) => ((bits >> type) & 1) !== 0).join(","),
  samples: [1, 0x7ff, 0x404],
};
