/** A power of two. Rules of one table have few shapes; what is their own in each rule would fill any room. */
const slots = 256;

/**
 * Remembers what was read from stretches of a text, each until another one takes its slot. Nothing of the text is copied:
 * a map by the words themselves would keep 100,000 comments alive that no rule shares with another.
 */
export class RecentUses<U> {
  readonly #text: string;
  readonly #starts = new Int32Array(slots);
  readonly #lengths = new Int32Array(slots);
  readonly #uses: (U | undefined)[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** What was read from the same characters elsewhere; `hash` is any number that equal stretches share. */
  get(start: number, end: number, hash: number): U | undefined {
    const slot = slotOf(hash);
    if (this.#lengths[slot] !== end - start) return undefined;
    const text = this.#text;
    const shift = this.#starts[slot]! - start;
    for (let at = start; at < end; at++) {
      if (text.charCodeAt(at) !== text.charCodeAt(at + shift)) return undefined;
    }
    return this.#uses[slot];
  }

  set(start: number, end: number, hash: number, use: U): void {
    const slot = slotOf(hash);
    this.#starts[slot] = start;
    this.#lengths[slot] = end - start;
    this.#uses[slot] = use;
  }
}

const slotOf = (hash: number): number => (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (slots - 1);
