import type { Word } from "../../formula/word.ts";
import type { Context } from "../../packet/context.ts";

/** The words of a packet, each read when it is first asked for. */
export class PacketWords {
  readonly #words: readonly Word[];
  readonly #values: number[] = [];
  /** By word: the turn in which it was read. */
  readonly #readIn: number[] = [];
  #turn = 0;
  #context: Context;

  /** `words` may grow. */
  constructor(words: readonly Word[], context: Context) {
    this.#words = words;
    this.#context = context;
  }

  /** Another packet, or the same one after it was changed. */
  turnTo(context: Context): void {
    this.#context = context;
    this.#turn++;
    while (this.#values.length < this.#words.length) {
      this.#values.push(0);
      this.#readIn.push(0);
    }
  }

  /** From now on the packet may change: what it has now stays. */
  readAll(): void {
    this.turnTo(this.#context);
    for (let word = 0; word < this.#words.length; word++) this.at(word);
  }

  at(word: number): number {
    if (this.#readIn[word] !== this.#turn) {
      this.#values[word] = this.#words[word]!.read(this.#context);
      this.#readIn[word] = this.#turn;
    }
    return this.#values[word]!;
  }
}
