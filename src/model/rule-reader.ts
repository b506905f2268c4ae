import type { ArgSite, ArgWarning } from "../arg-types/arg-type.ts";
import { parseNumber } from "../arg-types/number.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { Match, Site, Target } from "../extensions/extension.ts";
import { matchesByName, targetsByName } from "../extensions/registry.ts";
import type { Family } from "../packet/address.ts";
import { protocolName } from "../packet/protocols.ts";
import type { Word } from "../syntax/tree.ts";
import { tooLong } from "./chain-name.ts";
import type { OptionLetter } from "./command-options.ts";
import { didYouMean } from "./did-you-mean.ts";
import { ExtensionUse } from "./extension-use.ts";
import type { Getopt, LongOption } from "./getopt.ts";
import { refuse } from "./refusal.ts";
import type { MatchUse, TargetUse } from "./ruleset.ts";
import { isTargetName, matchNames } from "./unmodelled.ts";

/** An option of a loaded extension. */
export interface ExtensionOption {
  readonly use: ExtensionUse<Match> | ExtensionUse<Target>;
  readonly name: string;
}

/** What an option of the command line means: one of iptables' own or one of a loaded extension's. */
export type Meaning = OptionLetter | ExtensionOption;

/** A match or target that we do not model, with the words that seem to be its. */
interface UnknownUse {
  readonly name: string;
  readonly word: Word;
  readonly words: string[];
}

type JumpTo =
  | { readonly kind: "none" }
  | { readonly kind: "chain"; readonly how: "jump" | "goto"; readonly word: Word }
  | { readonly kind: "known"; readonly use: ExtensionUse<Target> }
  | { readonly kind: "unknown"; readonly use: UnknownUse };

/** A thing worth saying that refuses nothing. */
export interface Warning {
  readonly code: "unknown-match" | "unknown-target" | "bad-value" | "version-dependent" | ArgWarning["code"];
  readonly message: string;
  readonly span: Span;
  readonly notes: readonly string[];
  readonly help?: string;
}

/** Loads the matches and the target of one rule, in the order of the words, and gives each its options. */
export class RuleReader {
  readonly warnings: Warning[] = [];
  readonly #family: Family;
  readonly #keepQuotes: boolean;
  readonly #announced: ReadonlySet<string>;
  readonly #matches: (ExtensionUse<Match> | UnknownUse)[] = [];
  #target: JumpTo = { kind: "none" };
  #protocolLoaded = false;
  #unknown: UnknownUse | undefined;
  /** True while bare words still belong to the unknown extension's last option. */
  #open = false;
  #uses = 0;

  /**
   * `keepQuotes`: words of unknown extensions keep the quotes that they were written with. `announced`: names that `-j`
   * takes for chains even where a target has them.
   */
  constructor(family: Family, keepQuotes: boolean, announced: ReadonlySet<string>) {
    this.#family = family;
    this.#keepQuotes = keepQuotes;
    this.#announced = announced;
  }

  get jumpsTo(): string | undefined {
    const target = this.#target;
    if (target.kind === "known") return target.use.extension.name;
    return target.kind === "chain"
      ? target.word.text
      : target.kind === "unknown"
        ? target.use.name
        : undefined;
  }

  loadMatch(word: Word, options: Getopt<Meaning>): void {
    const match = matchesByName.get(word.text);
    if (match === undefined) {
      const names = [...matchesByName.keys(), ...matchNames];
      this.#warnUnknown("match", word, didYouMean(word.text, names));
      this.#matches.push(this.#loadUnknown(word, options));
      return;
    }
    if (match.validIn?.families?.includes(this.#family) === false) {
      refuse("wrong-place", `Couldn't load match \`${word.text}':No such file or directory`, word.span);
    }
    const use = new ExtensionUse<Match>(match, word);
    this.#matches.push(use);
    this.#addOptions(use, options);
  }

  jump(word: Word, options: Getopt<Meaning>): void {
    this.#checkTargetName(word);
    if (this.#announced.has(word.text)) {
      this.#target = { kind: "chain", how: "jump", word };
      return;
    }
    const target = targetsByName.get(word.text);
    if (target?.validIn?.families?.includes(this.#family) === false) {
      // what the family has no target for might be a chain
      this.#target = { kind: "chain", how: "jump", word };
    } else if (target !== undefined) {
      const use = new ExtensionUse<Target>(target, word);
      this.#target = { kind: "known", use };
      this.#addOptions(use, options);
    } else if (isTargetName(word.text)) {
      this.#target = { kind: "unknown", use: this.#loadUnknown(word, options) };
    } else {
      this.#target = { kind: "chain", how: "jump", word };
    }
  }

  goto(word: Word): void {
    this.#checkTargetName(word);
    this.#target = { kind: "chain", how: "goto", word };
  }

  #checkTargetName({ text, span }: Word): void {
    if (text === "") refuse("bad-value", "Invalid target name (too short)", span);
    if (tooLong(text)) refuse("bad-value", `Invalid target name \`${text}' (28 chars max)`, span);
    if (/\s/.test(text)) refuse("bad-value", `Invalid target name \`${text}'`, span);
  }

  #addOptions(use: ExtensionUse<Match> | ExtensionUse<Target>, options: Getopt<Meaning>): void {
    const key = `use${this.#uses++}`;
    const globals = options.longOptions.filter((option) => !option.key.startsWith("use"));
    const older = options.longOptions.filter((option) => option.key.startsWith("use"));
    const added: readonly LongOption<ExtensionOption>[] = use.longOptions(key, this.#family, (name) => ({
      use,
      name,
    }));
    // libxtables puts the newest extension's options before the older ones
    options.longOptions = [...globals, ...added, ...older];
  }

  #loadUnknown(word: Word, options: Getopt<Meaning>): UnknownUse {
    this.#unknown = { name: word.text, word, words: [] };
    this.#open = false;
    // an abbreviation could be an option of the extension that we don't know
    options.abbreviations = false;
    return this.#unknown;
  }

  #warnUnknown(what: "match" | "target", word: Word, help: string | undefined): void {
    this.warnings.push({
      code: `unknown-${what}`,
      message: `the ${what} \`${word.text}\` is not modelled`,
      span: word.span,
      notes: ["its words are kept as they stand; what depends on it is assumed"],
      ...(help === undefined ? {} : { help }),
    });
  }

  /** Loads the match of the rule's `-p` if that could make an unknown option known; true where it did. */
  loadProtocol(
    protocol: number | undefined,
    written: Word | undefined,
    option: string,
    options: Getopt<Meaning>,
  ): boolean {
    if (protocol === undefined || written === undefined || this.#protocolLoaded) return false;
    // a number counts by the name that it has, a name as it is written: -p mh loads `mh`, -p 135 nothing (find_proto)
    const name =
      parseNumber(written.text, 0, 255) === undefined ? written.text.toLowerCase() : protocolName(protocol);
    const match = matchesByName.get(name);
    if (match === undefined) {
      if (!matchNames.includes(name) || this.#unknown) return false;
    } else if (
      match.validIn?.families?.includes(this.#family) === false ||
      (this.#unknown && !knowsOption(match, option))
    ) {
      return false;
    }
    this.#protocolLoaded = true;
    // a word may be a token, whose span is a getter
    const { span, quoted } = written;
    this.loadMatch({ text: name, span, quoted }, options);
    return true;
  }

  /** Gives an option to its extension. */
  take(option: ExtensionOption, words: readonly Word[], inverted: boolean, word: Word, site: ArgSite): void {
    this.#open = false;
    const warning = option.use.take(option.name, words, inverted, word.span, site);
    if (warning) this.warnings.push({ ...warning, span: words[0]?.span ?? word.span, notes: [] });
  }

  /** Ends what an unknown extension's last option may take. */
  close(): void {
    this.#open = false;
  }

  /** Gives an option that nothing knows to the last unknown extension; false where there is none. */
  takeUnknownOption(word: Word, inverted: boolean): boolean {
    if (this.#unknown === undefined) return false;
    const number = /^-[0-9]/.test(word.text);
    if (!word.text.startsWith("--") && !(number && this.#open)) return false;
    if (inverted) this.#unknown.words.push("!");
    this.#unknown.words.push(this.#reprint(word));
    this.#open = true;
    return true;
  }

  /** Gives a bare word to the unknown extension whose option stands before it. */
  takeArgument(word: Word, inverted: boolean): boolean {
    if (this.#unknown === undefined || !this.#open) return false;
    if (inverted) this.#unknown.words.push("!");
    this.#unknown.words.push(this.#reprint(word));
    return true;
  }

  #reprint(word: Word): string {
    const plain = /^[^\s"'\\]+$/.test(word.text) && !(word.quoted && this.#keepQuotes);
    return plain ? word.text : quoted(word.text);
  }

  /** Ends the rule: what the option tables and the extensions' own checks say of it. */
  finish(site: Site): { matches: readonly MatchUse[]; target: TargetUse } {
    const matches = this.#matches.map((use): MatchUse => {
      if (!(use instanceof ExtensionUse)) return { kind: "unknown", name: use.name, words: use.words };
      return { kind: "known", match: use.extension, args: use.finish(site) };
    });
    return { matches, target: this.#finishTarget(site) };
  }

  #finishTarget(site: Site): TargetUse {
    const target = this.#target;
    switch (target.kind) {
      case "none":
        return target;
      case "chain":
        return { kind: target.how, chain: target.word.text };
      case "unknown":
        this.#warnUnknown("target", target.use.word, undefined);
        return { kind: "unknown", name: target.use.name, words: target.use.words };
      case "known":
        return { kind: "known", target: target.use.extension, args: target.use.finish(site) };
    }
  }

  /** Names of all options that could be meant, for "did you mean". */
  static optionNames(options: Getopt<Meaning>): readonly string[] {
    return options.longOptions.map((option) => `--${option.name}`);
  }
}

/** In quotes even where none are needed. */
const quoted = (text: string): string => `"${text.replace(/["\\']/g, "\\$&")}"`;

function knowsOption(match: Match, name: string): boolean {
  return Object.entries(match.options).some(([option, { aliases }]) =>
    [option, ...(aliases ?? [])].some((each) => each.startsWith(name)),
  );
}
