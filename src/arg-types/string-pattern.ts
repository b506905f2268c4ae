import { type ArgType, bad, ok } from "./arg-type.ts";

/** The longest pattern (XT_STRING_MAX_PATTERN_SIZE, xt_string.h). */
const maxLength = 128;

const encoder = new TextEncoder();
const printable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e;

/** Whether iptables-save writes a pattern as `--hex-string`: one byte can't be printed, or a backslash ends it. */
export const needsHex = (pattern: Uint8Array): boolean =>
  !pattern.every(printable) || pattern.at(-1) === "\\".charCodeAt(0);

const tooLong = (text: string) =>
  bad(`STRING too long "${text}"`, `a pattern has at most ${maxLength} bytes`);

/** The bytes of a word as they stand. */
export const stringPattern: ArgType<Uint8Array> = {
  placeholder: "pattern",
  words: 1,
  parse([text = ""]) {
    const bytes = encoder.encode(text);
    return bytes.length > maxLength ? tooLong(text) : ok(bytes);
  },
  print: (pattern) => `"${String.fromCharCode(...pattern).replace(/["\\]/g, "\\$&")}"`,
  samples: [encoder.encode("google"), encoder.encode("GET / HTTP"), encoder.encode("x".repeat(128))],
};

/** Text with `|hex bytes|` in it; a backslash takes the next character as it stands (parse_hex_string, libxt_string.c). */
export const hexPattern: ArgType<Uint8Array> = {
  placeholder: "pattern",
  words: 1,
  parse([text = ""]) {
    if (text === "") return bad("STRING must contain at least one char");
    const bytes = encoder.encode(text);
    const found = decodeHex(bytes);
    if (typeof found === "string") return bad(found === "STRING too long" ? `${found} "${text}"` : found);
    return ok(Uint8Array.from(found));
  },
  print: (pattern) => `"|${[...pattern].map((byte) => byte.toString(16).padStart(2, "0")).join("")}|"`,
  samples: [Uint8Array.of(0), Uint8Array.of(0x0d, 0x0a, 0xff), Uint8Array.of(0x5c)],
};

const bar = "|".charCodeAt(0);
const backslash = "\\".charCodeAt(0);
const space = " ".charCodeAt(0);
const hexDigit = (byte: number): boolean => /[0-9a-fA-F]/.test(String.fromCharCode(byte));

/** The pattern's bytes, or what iptables says of a malformed one. */
function decodeHex(bytes: Uint8Array): number[] | string {
  const pattern: number[] = [];
  let inHex = false;
  let at = 0;
  while (at < bytes.length) {
    if (pattern.length >= maxLength) return "STRING too long";
    let byte = bytes[at]!;
    if (byte === backslash) {
      if (inHex) return "Cannot include literals in hex data";
      const next = bytes[at + 1];
      if (next === undefined) return "Bad literal placement at end of string";
      pattern.push(next);
      at += 2;
      continue;
    }
    if (byte === bar) {
      inHex = !inHex;
      if (inHex) while (bytes[at + 1] === space) at++;
      // a bar at the very end of the hex data ends the pattern; at the start of one it is read again below
      if (at + 1 >= bytes.length) break;
      at++;
      byte = bytes[at]!;
    }
    if (!inHex) {
      pattern.push(byte);
      at++;
      continue;
    }
    if (at + 1 >= bytes.length) return "Odd number of hex digits";
    if (at + 2 >= bytes.length) return "Invalid hex block";
    for (const digit of [byte, bytes[at + 1]!]) {
      if (!hexDigit(digit)) return `Invalid hex char '${String.fromCharCode(digit)}'`;
    }
    pattern.push(Number.parseInt(String.fromCharCode(byte, bytes[at + 1]!), 16));
    at += bytes[at + 2] === space ? 3 : 2;
  }
  return pattern;
}
