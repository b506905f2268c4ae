import { type Address, type Family, parseAddress } from "../../packet/address.ts";
import type { Direction } from "../../packet/connection.ts";

export type FtpForm = "PORT" | "EPRT" | "PASV" | "EPSV";

/** An address that an FTP command or reply names; the text that names it stands at `offset`, `length` characters long. */
export interface FtpAddress {
  readonly form: FtpForm;
  readonly offset: number;
  readonly length: number;
  /** `undefined` where the reply leaves it to the control connection. */
  readonly address: Address | undefined;
  readonly port: number;
}

/** `partial`: the line begins as one that names an address but does not go on so; Linux drops it. */
export type FtpReading =
  | { readonly kind: "other" }
  | { readonly kind: "partial"; readonly form: FtpForm }
  | ({ readonly kind: "address" } & FtpAddress);

/** What stands in the text, counted from where the reader began. */
interface Place {
  readonly skipped: number;
  readonly length: number;
  readonly address: Address | undefined;
  readonly port: number;
}

interface Pattern {
  readonly form: FtpForm;
  readonly start: string;
  /** The text is read from behind this character on. */
  readonly skip: string | undefined;
  read(text: string, family: Family): Place | undefined;
}

/** RFC 959's commands and replies and RFC 2428's, as nf_conntrack_ftp.c knows them. */
const patterns: Readonly<Record<Direction, readonly Pattern[]>> = {
  original: [
    { form: "PORT", start: "PORT", skip: " ", read: (text) => readSix(text, "\r") },
    { form: "EPRT", start: "EPRT", skip: " ", read: readEprt },
  ],
  reply: [
    { form: "PASV", start: "227 ", skip: undefined, read: readPasv },
    { form: "EPSV", start: "229 ", skip: "(", read: readEpsv },
  ],
};

/** Reads a segment's data: what a client sends is `original`, what a server sends `reply`. */
export function readFtp(data: string, direction: Direction, family: Family): FtpReading {
  for (const pattern of patterns[direction]) {
    const reading = tryPattern(data, pattern, family);
    if (reading.kind !== "other") return reading;
  }
  return { kind: "other" };
}

function tryPattern(data: string, pattern: Pattern, family: Family): FtpReading {
  const { form, start, skip } = pattern;
  const partial: FtpReading = { kind: "partial", form };
  const head = data.slice(0, start.length);
  if (head === "" || head.toUpperCase() !== start.slice(0, head.length)) return { kind: "other" };
  if (data.length <= start.length) return partial;
  let from = start.length;
  if (skip !== undefined) {
    const at = data.indexOf(skip, start.length);
    if (at < 0) return partial;
    from = at + 1;
  }
  const place = pattern.read(data.slice(from), family);
  if (!place) return partial;
  const { skipped, ...rest } = place;
  return { kind: "address", form, offset: from + skipped, ...rest };
}

const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= "0" && character <= "9";

/**
 * `count` numbers with `separator` between them, up to `end` (`undefined`: up to anything else). A number may be empty;
 * too large ones wrap around, as u32 does. A text that ends before its end character is not enough.
 */
function readNumbers(text: string, count: number, separator: string, end: string | undefined) {
  const numbers = new Array<number>(count).fill(0);
  for (let i = 0, at = 0; at < text.length && i < count; at++) {
    const character = text[at]!;
    if (isDigit(character)) numbers[i] = (Math.imul(numbers[i]!, 10) + Number(character)) >>> 0;
    else if (character === separator) i++;
    else if ((end === undefined || character === end) && i === count - 1) {
      return at === 0 ? undefined : { numbers, length: at };
    } else return undefined;
  }
  return undefined;
}

const joinAddress = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number =>
  ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;

/** h1,h2,h3,h4,p1,p2 */
function readSix(text: string, end: string | undefined): Place | undefined {
  const read = readNumbers(text, 6, ",", end);
  if (!read) return undefined;
  const [, , , , high = 0, low = 0] = read.numbers;
  return {
    skipped: 0,
    length: read.length,
    address: joinAddress(read.numbers),
    port: ((high << 8) | low) & 0xffff,
  };
}

/** RFC 1123, 4.1.2.6: the reply's numbers begin at its first digit, with or without parentheses. */
function readPasv(text: string): Place | undefined {
  const skipped = text.search(/[0-9]/);
  const read = skipped < 0 ? undefined : readSix(text.slice(skipped), undefined);
  return read && { ...read, skipped };
}

/** A character that RFC 2428 allows to stand between the parts. */
const isDelimiter = (character: string | undefined): boolean =>
  character !== undefined && character >= "!" && character <= "~" && !isDigit(character);

/** |1|192.0.2.9|6275| or |2|2001:db8::9|6275| */
function readEprt(text: string, family: Family): Place | undefined {
  const delimiter = text[0];
  if (text.length <= 3 || delimiter === undefined || !isDelimiter(delimiter)) return undefined;
  if (text[2] !== delimiter || text[1] !== (family === "ipv4" ? "1" : "2")) return undefined;
  const rest = text.slice(3);
  const found = family === "ipv4" ? readDotted(rest, delimiter) : readIpv6(rest, delimiter);
  return found && readPort(text, 3 + found.length + 1, delimiter, found.address);
}

function readDotted(text: string, delimiter: string) {
  const read = readNumbers(text, 4, ".", delimiter);
  return read && { length: read.length, address: joinAddress(read.numbers) };
}

function readIpv6(text: string, delimiter: string) {
  const length = text.indexOf(delimiter);
  const address = length > 0 ? parseAddress(text.slice(0, length)) : undefined;
  return typeof address === "bigint" ? { length, address } : undefined;
}

/** |||6446| */
function readEpsv(text: string): Place | undefined {
  const delimiter = text[0];
  if (text.length <= 3 || delimiter === undefined || !isDelimiter(delimiter)) return undefined;
  if (text[1] !== delimiter || text[2] !== delimiter) return undefined;
  return readPort(text, 3, delimiter, undefined);
}

/** The port, which is the number from `start` to the delimiter; 0 is none, larger ones than 65535 wrap around. */
function readPort(
  text: string,
  start: number,
  delimiter: string,
  address: Address | undefined,
): Place | undefined {
  let port = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (character === delimiter)
      return port === 0 ? undefined : { skipped: 0, length: at + 1, address, port };
    if (!isDigit(character)) return undefined;
    port = (port * 10 + Number(character)) & 0xffff;
  }
  return undefined;
}
