import { parseNumber } from "../arg-types/number.ts";
import { parseProtocol } from "../arg-types/protocol.ts";
import { byteLength } from "../diagnostics/byte-length.ts";
import { protocolNames } from "../packet/protocols.ts";
import type { Word } from "../syntax/tree.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Getopt } from "./getopt.ts";
import { refuse } from "./refusal.ts";
import type { Meaning, Warning } from "./rule-reader.ts";
import type { Counters } from "./ruleset.ts";

/** `-p`: a number in any base of C or a name. */
export function readProtocol(word: Word, inverted: boolean): number {
  const read = parseProtocol(word.text);
  if (!read.ok) {
    return refuse("bad-value", read.message, word.span, didYouMean(word.text, protocolNames));
  }
  if (read.value === 0 && inverted) refuse("bad-value", "rule would never match protocol", word.span);
  return read.value;
}

/** `-i` and `-o`. */
export function readInterface(word: Word, warnings: Warning[]): string {
  const { text, span } = word;
  if (text === "") refuse("bad-value", "Empty interface is likely to be undesired", span);
  if (byteLength(text) > 15) {
    refuse("bad-value", `interface name \`${text}' must be shorter than IFNAMSIZ (15)`, span);
  }
  if (/[/ ]/.test(text)) {
    warnings.push({
      code: "bad-value",
      message: `weird character in interface \`${text}' ('/' and ' ' are not allowed by the kernel)`,
      span,
      notes: [],
    });
  }
  return text;
}

/** A rule's number, counted from 1. */
export function readRuleNumber(word: Word): number {
  const number = parseNumber(word.text, 1, 0x7fffffff);
  if (number === undefined) {
    return refuse("index-out-of-range", `Invalid rule number \`${word.text}'`, word.span);
  }
  return number;
}

/** `-c packets bytes` or `-c packets,bytes`; like sscanf(3) it looks at the digits in front only. */
export function readCounters(option: Word, first: Word, options: Getopt<Meaning>): Counters {
  const comma = first.text.indexOf(",", 1);
  const second =
    comma < 0
      ? options.takeArgument()
      : { text: first.text.slice(comma + 1), span: first.span, quoted: first.quoted };
  if (!second) return refuse("missing-value", "-c requires packet and byte counter", option.span);
  const digits = (word: Word, what: string): bigint => {
    const found = /^\s*\+?(\d+)/.exec(word.text)?.[1];
    return found === undefined
      ? refuse("bad-value", `-c ${what} counter not numeric`, word.span)
      : BigInt.asUintN(64, BigInt(found));
  };
  return { packets: digits(first, "packet"), bytes: digits(second, "byte") };
}
