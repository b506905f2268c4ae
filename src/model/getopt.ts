import type { Word } from "../syntax/tree.ts";

/** One long option, and what it means to its reader. */
export interface LongOption<T> {
  readonly name: string;
  readonly argument: "none" | "required" | "optional";
  /** Equal keys are the same option under two names: an abbreviation of both is not ambiguous. */
  readonly key: string;
  readonly meaning: T;
}

export interface ShortOption<T> {
  readonly argument: "none" | "required" | "optional";
  readonly meaning: T;
}

export type Step<T> =
  | {
      readonly kind: "option";
      readonly meaning: T;
      readonly word: Word;
      readonly value: Word | undefined;
      /** The value is a part of `word`. */
      readonly attached: boolean;
    }
  /** A word that is neither an option nor an option's argument. */
  | { readonly kind: "argument"; readonly word: Word }
  | {
      readonly kind: "unknown";
      readonly word: Word;
      readonly name: string;
      readonly abbreviates: readonly string[];
    }
  | { readonly kind: "missing-value"; readonly word: Word };

/** The part of a word from `offset` on. Its span is exact where the word stands in the source as it is. */
function tail(word: Word, offset: number): Word {
  const { start, end } = word.span;
  const literal = !word.quoted && end - start === word.text.length;
  return {
    text: word.text.slice(offset),
    quoted: word.quoted,
    span: literal ? { start: start + offset, end } : word.span,
  };
}

/**
 * Reads options as getopt_long(3) does with an option string that starts with `-`: arguments come in their place, long
 * options may be shortened, short ones bundled. The reader may add long options between two steps.
 */
export class Getopt<T> {
  /** Earlier ones win where two have the same name. */
  longOptions: readonly LongOption<T>[];
  /** Off where unknown extensions may own the abbreviation. */
  abbreviations = true;
  readonly #words: readonly Word[];
  readonly #shortOptions: ReadonlyMap<string, ShortOption<T>>;
  #next = 0;
  /** Offset in the bundle of short options at hand; 0 outside of one. */
  #bundle = 0;
  #before = { next: 0, bundle: 0 };

  constructor(
    words: readonly Word[],
    longOptions: readonly LongOption<T>[],
    shortOptions: ReadonlyMap<string, ShortOption<T>>,
  ) {
    this.#words = words;
    this.longOptions = longOptions;
    this.#shortOptions = shortOptions;
  }

  /** The next step, `undefined` at the end or at `--`. */
  next(): Step<T> | undefined {
    this.#before = { next: this.#next, bundle: this.#bundle };
    const word = this.#words[this.#next];
    if (word === undefined) return undefined;
    if (this.#bundle > 0) return this.#short(word);
    if (word.text === "--") return undefined;
    if (word.text.startsWith("--")) return this.#long(word);
    if (word.text.length > 1 && word.text.startsWith("-")) {
      this.#bundle = 1;
      return this.#short(word);
    }
    this.#next++;
    return { kind: "argument", word };
  }

  /** Undoes the last step, to read the same word again with more options. */
  back(): void {
    this.#next = this.#before.next;
    this.#bundle = this.#before.bundle;
  }

  /** Takes the next word as it is, if it is there and looks like an argument (`xs_has_arg` of iptables). */
  takeArgument(): Word | undefined {
    const word = this.#bundle > 0 ? undefined : this.#words[this.#next];
    if (word === undefined || word.text.startsWith("-") || word.text.startsWith("!")) return undefined;
    this.#next++;
    return word;
  }

  /** Whether one of these words comes up before one of those. */
  comesBefore(wanted: readonly string[], stop: readonly string[]): boolean {
    const found = this.#words
      .slice(this.#next)
      .find(({ text }) => wanted.includes(text) || stop.includes(text));
    return found !== undefined && wanted.includes(found.text);
  }

  /** What stands behind `--`. */
  get rest(): readonly Word[] {
    return this.#words.slice(this.#next + 1);
  }

  #long(word: Word): Step<T> {
    this.#next++;
    const equals = word.text.indexOf("=");
    const name = word.text.slice(2, equals < 0 ? undefined : equals);
    const found = this.#find(name);
    if (Array.isArray(found)) return { kind: "unknown", word, name, abbreviates: found };
    const option = found as LongOption<T>;
    if (equals >= 0) {
      if (option.argument === "none") return { kind: "unknown", word, name, abbreviates: [] };
      return this.#option(option, word, tail(word, equals + 1), true);
    }
    if (option.argument !== "required") {
      return this.#option(option, word, undefined, false);
    }
    const value = this.#words[this.#next];
    if (value === undefined) return { kind: "missing-value", word };
    this.#next++;
    return this.#option(option, word, value, false);
  }

  /** The option of this name or abbreviation, or the names that it might abbreviate. */
  #find(name: string): LongOption<T> | string[] {
    const exact = this.longOptions.find((option) => option.name === name);
    if (exact) return exact;
    if (!this.abbreviations) return [];
    const near = this.longOptions.filter((option) => option.name.startsWith(name));
    const first = near[0];
    if (first && near.every((option) => option.key === first.key)) return first;
    return [...new Set(near.map((option) => option.name))];
  }

  #short(word: Word): Step<T> {
    const letter = word.text[this.#bundle]!;
    const option = this.#shortOptions.get(letter);
    const rest = this.#bundle + 1 < word.text.length ? tail(word, this.#bundle + 1) : undefined;
    const advance = (): void => {
      this.#next++;
      this.#bundle = 0;
    };
    if (option === undefined || option.argument === "none") {
      if (rest) this.#bundle++;
      else advance();
      if (!option) return { kind: "unknown", word, name: letter, abbreviates: [] };
      return this.#option(option, word, undefined, false);
    }
    advance();
    if (rest || option.argument === "optional") {
      return this.#option(option, word, rest, rest !== undefined);
    }
    const value = this.#words[this.#next];
    if (value === undefined) return { kind: "missing-value", word };
    this.#next++;
    return this.#option(option, word, value, false);
  }

  #option({ meaning }: { meaning: T }, word: Word, value: Word | undefined, attached: boolean): Step<T> {
    return { kind: "option", meaning, word, value, attached };
  }
}
