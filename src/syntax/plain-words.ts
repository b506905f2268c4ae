const space = 32;
const quote = 34;
const dash = 45;
const backslash = 92;

/**
 * A cursor over the words of a line that is written as iptables-save writes it: one space between two words, double
 * quotes around whole words only. `failed` turns true at anything else, and stays so.
 */
export class PlainWords {
  readonly text: string;
  /** Where the words end; whoever reads a part of a line moves it and puts it back. */
  end: number;
  /** Where the next word starts; `end` behind the last one. */
  at: number;
  failed = false;
  segmentHash = 0;

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.at = start;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** The letter of the short option that stands here (`s` of `-s`), passed over; 0 where none does. */
  letter(): number {
    const { text, at, end } = this;
    if (at + 1 >= end || text.charCodeAt(at) !== dash) return 0;
    const code = text.charCodeAt(at + 1);
    const behind = at + 2 === end ? space : text.charCodeAt(at + 2);
    if (code === dash || behind !== space) return 0;
    this.at = at + 3;
    return code;
  }

  /** Passes over this short option if it stands here; whether it did. */
  takes(letter: number): boolean {
    const before = this.at;
    if (this.letter() === letter) return true;
    this.at = before;
    return false;
  }

  /** Passes over this word if it stands here, without quotes; whether it did. */
  takesWord(word: string): boolean {
    const { text, at, end } = this;
    const behind = at + word.length;
    if (behind > end || !text.startsWith(word, at)) return false;
    if (behind < end && text.charCodeAt(behind) !== space) return false;
    this.at = behind + 1;
    return true;
  }

  /** Passes over what ends at `end`, if a word ends there; whether one does. */
  passes(end: number): boolean {
    if (end < 0 || (end < this.end && this.text.charCodeAt(end) !== space)) return false;
    this.at = end + 1;
    return true;
  }

  /** Whether a short option stands here, or nothing more: where the words of one `-m` or `-j` end. */
  get atSegmentEnd(): boolean {
    const { text, at } = this;
    return this.done || (text.charCodeAt(at) === dash && text.charCodeAt(at + 1) !== dash);
  }

  /** Passes over a `!` that stands as a word; whether one did. */
  bang(): boolean {
    const { text, at } = this;
    if (text.charCodeAt(at) !== 33 || text.charCodeAt(at + 1) !== space) return false;
    this.at = at + 2;
    return true;
  }

  /** The next word, its quotes taken off; empty where none is left. */
  next(): string {
    const { text, at, end } = this;
    if (at >= end) return this.#fail();
    if (text.charCodeAt(at) === quote) return this.#quoted();
    let stop = at;
    for (; stop < end; stop++) {
      const code = text.charCodeAt(stop);
      if (code === space) break;
      if (code < space || code === quote) return this.#fail();
    }
    this.at = stop + 1;
    return stop === at ? this.#fail() : text.slice(at, stop);
  }

  /**
   * Where the words of one `-m` or `-j` end: at the end of the line or before a space and a short option. Leaves a number in
   * `segmentHash` that equal words have in common.
   */
  segmentEnd(): number {
    const { text, end } = this;
    let hash = 0;
    let quoted = false;
    let at = this.at;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      hash = (Math.imul(hash, 31) + code) | 0;
      if (quoted) {
        if (code === backslash) at++;
        else if (code === quote) quoted = false;
      } else if (code === quote) quoted = true;
      else if (code === space && text.charCodeAt(at + 1) === dash && text.charCodeAt(at + 2) !== dash) break;
    }
    this.segmentHash = hash;
    return Math.min(at, end);
  }

  #quoted(): string {
    const { text, end } = this;
    let from = this.at + 1;
    let word = "";
    for (let at = from; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === backslash) {
        word += text.slice(from, at);
        from = ++at;
      } else if (code === quote) {
        if (at + 1 < end && text.charCodeAt(at + 1) !== space) return this.#fail();
        this.at = at + 2;
        return word === "" ? text.slice(from, at) : word + text.slice(from, at);
      }
    }
    return this.#fail();
  }

  #fail(): string {
    this.failed = true;
    this.at = this.end;
    return "";
  }
}
