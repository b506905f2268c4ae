import type { ArgSite } from "../arg-types/arg-type.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic, Source } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { Family } from "../packet/address.ts";
import { protocolName } from "../packet/protocols.ts";
import { wordsOf } from "../syntax/shell-words.ts";
import type { Word } from "../syntax/tree.ts";
import { didYouMean } from "./did-you-mean.ts";
import { fulfil, type WordedPacket } from "./packet-defaults.ts";
import { type PacketOption, type PacketWish, packetOptions, parseFlagNames } from "./packet-options.ts";

export type { WordedPacket } from "./packet-defaults.ts";

const byName: ReadonlyMap<string, PacketOption> = new Map(
  packetOptions.flatMap((option) => option.names.map((name) => [name, option] as const)),
);

/**
 * Makes a packet from iptables' own words: `-i eth0 -p tcp -s 198.51.100.7 -d 192.0.2.1 --dport 22 --syn`. What the
 * words leave open gets a usual value, which `defaults` names. `words` is one text, quoted as for a shell, or argv.
 */
export function composePacket(
  words: string | readonly string[],
  family: Family,
  sourceName = "packet",
): { readonly value: WordedPacket | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const { source, list, diagnostics } = readWords(words, sourceName);
  const reader = new PacketReader(source, list, family, diagnostics);
  const wish = reader.read();
  if (diagnostics.some((one) => one.severity === "error")) return { value: undefined, diagnostics };
  const result = fulfil(wish, reader.family);
  if (typeof result !== "string") return { value: result, diagnostics };
  const span = { start: 0, end: source.text.length };
  return { value: undefined, diagnostics: [...diagnostics, problem(source, "bad-value", span, result)] };
}

/** Argv has no text of its own: its words joined by blanks stand for it in code frames. */
function readWords(
  words: string | readonly string[],
  name: string,
): { source: Source; list: readonly Word[]; diagnostics: Diagnostic[] } {
  if (typeof words === "string") {
    const source = { name, text: words };
    const split = wordsOf(source);
    return { source, list: split.words, diagnostics: [...split.diagnostics] };
  }
  const list: Word[] = [];
  let text = "";
  for (const word of words) {
    const shown = word === "" || /\s/.test(word) ? JSON.stringify(word) : word;
    if (text !== "") text += " ";
    const start = text.length;
    text += shown;
    list.push({ text: word, span: { start, end: text.length }, quoted: shown !== word });
  }
  return { source: { name, text }, list, diagnostics: [] };
}

/** Reads the words of one packet from left to right; every wrong one gets its diagnostic and the rest still counts. */
class PacketReader {
  family: Family;
  private readonly source: Source;
  private readonly words: readonly Word[];
  private readonly diagnostics: Diagnostic[];
  private readonly wish: PacketWish = {};
  private readonly seen = new Set<keyof PacketWish>();
  /** Options that belong to a protocol, to be compared with -p at the end. */
  private readonly bound: { readonly word: Word; readonly name: string; readonly option: PacketOption }[] =
    [];

  constructor(source: Source, words: readonly Word[], family: Family, diagnostics: Diagnostic[]) {
    this.source = source;
    this.words = words;
    this.family = family;
    this.diagnostics = diagnostics;
  }

  read(): PacketWish {
    // -4, -6 and -p may stand behind the words that depend on them
    for (const { text } of this.words) if (text === "-4" || text === "-6") this.family = familyOf(text);
    const protocol = this.protocolAhead();
    for (let at = 0; at < this.words.length; ) at += this.readOption(at, protocol);
    this.checkProtocols();
    return this.wish;
  }

  private protocolAhead(): number | undefined {
    const at = this.words.findIndex(({ text }) => byName.get(text)?.sets === "protocol");
    const text = at < 0 ? undefined : this.words[at + 1]?.text;
    const read = byName.get("-p")?.read?.([text ?? ""], this.site(undefined));
    return read?.ok ? read.value.protocol : undefined;
  }

  private site(protocol: number | undefined): ArgSite {
    return { family: this.family, protocol };
  }

  /** Gives the number of words that were read. */
  private readOption(at: number, protocol: number | undefined): number {
    const word = this.words[at];
    if (!word) return 1;
    const { text } = word;
    if (text === "-4" || text === "-6") return 1;
    if (text === "!") {
      this.tell("not-invertible", word, "`!` makes a set of packets, and this is one packet");
      return 1;
    }
    const { name, joined } = splitJoined(text);
    const option = byName.get(name);
    if (!option) {
      this.unknown(word, name);
      return this.words[at + 1]?.text.startsWith("-") ? 1 : this.skipValue(at);
    }
    const values = joined === undefined ? this.valuesBehind(at, option) : [joined];
    const used = joined === undefined ? 1 + values.length : 1;
    if (option.words !== 0 && values.length === 0) {
      this.tell("missing-value", word, `\`${name}\` lacks its argument`);
      return used;
    }
    if (option.words === 0 && joined !== undefined) {
      this.tell("unexpected-value", word, `\`${name}\` takes no argument`);
      return used;
    }
    if (option.protocols) this.bound.push({ word, name, option });
    const place = joined === undefined ? (this.words[at + values.length] ?? word) : word;
    this.take(option, place, name, values, protocol);
    return used;
  }

  private take(
    option: PacketOption,
    at: Word,
    name: string,
    values: readonly string[],
    protocol: number | undefined,
  ): void {
    const { sets, read } = option;
    if (sets === undefined || !read) return;
    if (this.seen.has(sets)) {
      this.tell("repeated-option", at, `\`${name}\` is given twice, and a packet has one such value`);
      return;
    }
    this.seen.add(sets);
    const result = read(values, this.site(protocol));
    if (result.ok) Object.assign(this.wish, result.value);
    else this.tell("bad-value", at, `${name}: ${result.message}`, result.help);
  }

  /** Behind a word that nobody knows its argument is passed over, too. */
  private skipValue(at: number): number {
    return at + 1 < this.words.length && this.words[at]?.text.startsWith("-") ? 2 : 1;
  }

  private valuesBehind(at: number, option: PacketOption): readonly string[] {
    const first = this.words[at + 1]?.text;
    if (option.words === 0 || first === undefined) return [];
    if (option.words === 1) return first === "!" ? [] : [first];
    const second = this.words[at + 2]?.text;
    return second !== undefined && parseFlagNames(second) !== undefined ? [first, second] : [first];
  }

  private unknown(word: Word, name: string): void {
    if (!word.text.startsWith("-")) {
      this.tell("unexpected-value", word, `\`${word.text}\` stands where an option is expected`);
      return;
    }
    this.tell("unknown-option", word, `no packet has a \`${name}\``, didYouMean(name, byName.keys()));
  }

  private checkProtocols(): void {
    const { protocol } = this.wish;
    for (const { word, name, option } of this.bound) {
      if (option.protocols?.includes(protocol ?? -1)) continue;
      if (protocol === undefined) {
        if (this.seen.has("protocol")) continue;
        const icmp = this.family === "ipv4" ? "icmp" : "icmpv6";
        const fit = option.protocols?.includes(1) ? icmp : protocolName(option.protocols?.[0] ?? 6);
        const also = option.protocols?.includes(17) ? " or -p udp" : "";
        this.tell("option-missing", word, `\`${name}\` needs a protocol`, `write -p ${fit}${also} as well`);
      } else {
        this.tell("option-conflict", word, `\`${name}\` is not of the protocol ${protocolName(protocol)}`);
      }
    }
    if (this.wish.fragment && this.bound[0]) {
      const { word, name } = this.bound[0];
      this.tell("option-conflict", word, `\`${name}\` and -f: a later fragment has no transport header`);
    }
  }

  private tell(code: DiagnosticCode, word: Word, message: string, help?: string): void {
    this.diagnostics.push(problem(this.source, code, word.span, message, help === undefined ? {} : { help }));
  }
}

const familyOf = (word: "-4" | "-6"): Family => (word === "-4" ? "ipv4" : "ipv6");

/** `--dport=22` and `-ptcp`. */
function splitJoined(text: string): { name: string; joined: string | undefined } {
  if (text.startsWith("--")) {
    const at = text.indexOf("=");
    return at < 0
      ? { name: text, joined: undefined }
      : { name: text.slice(0, at), joined: text.slice(at + 1) };
  }
  if (/^-[a-z]./i.test(text)) return { name: text.slice(0, 2), joined: text.slice(2) };
  return { name: text, joined: undefined };
}
