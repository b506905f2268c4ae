import type { PacketWords } from "./packet-words.ts";
import type { Asked } from "./tuple.ts";

/** Requirements that are kept of one rule; each takes three numbers: word, mask and value. */
const most = 5;
/** 64 bytes, which come out of memory together. */
const stride = 16;
/** Behind the requirements: 1 where they are all that the rule asks. */
const isAllAt = most * 3;

/** What rules ask of the index's words, close together: whether a packet misses it is found without touching the rules themselves. */
export class PackedRequirements {
  #numbers: Int32Array;

  constructor(slots: number) {
    this.#numbers = new Int32Array(slots * stride);
  }

  /** Keeps what the rule of a new slot asks for one value each; the rest is left to the rule's own test. */
  set(slot: number, asked: Asked): void {
    const numbers = this.#numbers;
    const from = slot * stride;
    let at = from;
    let isAll = asked.isAll;
    for (const { word, mask, values } of asked.words) {
      const [value] = values;
      if (values.length !== 1 || value === undefined || at === from + isAllAt) {
        isAll = false;
        continue;
      }
      numbers[at++] = word;
      numbers[at++] = mask;
      numbers[at++] = value & mask;
    }
    if (isAll) numbers[from + isAllAt] = 1;
  }

  /** False where a packet with these words misses something that the rule asks. */
  mayMatch(slot: number, words: PacketWords): boolean {
    const numbers = this.#numbers;
    const from = slot * stride;
    for (let at = from; at < from + isAllAt; at += 3) {
      const mask = numbers[at + 1]!;
      // no requirement has an empty mask: these are all
      if (mask === 0) return true;
      if ((words.at(numbers[at]!) & mask) !== numbers[at + 2]) return false;
    }
    return true;
  }

  /** Whether a packet that may match the rule does match it. */
  isSure(slot: number): boolean {
    return this.#numbers[slot * stride + isAllAt] === 1;
  }
}
