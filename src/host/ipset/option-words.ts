import { complain } from "./complaint.ts";
import type { LineWord } from "./line-words.ts";

/** Walks the options behind a command's arguments. */
export class OptionWords {
  readonly #words: readonly LineWord[];
  #next = 0;

  constructor(words: readonly LineWord[]) {
    this.#words = words;
  }

  next(): LineWord | undefined {
    return this.#words[this.#next++];
  }

  /** The word behind an option. */
  value(option: LineWord): LineWord {
    const word = this.next();
    if (!word || word.text === "") {
      return complain(`Missing mandatory argument of option \`${option.text}'`, option.span);
    }
    return word;
  }

  /** The number behind an option. */
  number(option: LineWord, low: number, high: number): number {
    const { text, span } = this.value(option);
    if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) complain(`'${text}' is invalid as number`, span);
    const value = Number(text);
    if (value < low || value > high) complain(`'${text}' is out of range ${low}-${high}`, span);
    return value;
  }
}
