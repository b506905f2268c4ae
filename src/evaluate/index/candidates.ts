/** The positions of the rules that a packet may match, in rule order, drawn from lists of slots that are each in rule order. */
export class Candidates {
  readonly #lists: readonly (number | number[])[];
  readonly #positions: Int32Array;
  readonly #next: number[];

  constructor(lists: readonly (number | number[])[], positions: Int32Array) {
    this.#lists = lists;
    this.#positions = positions;
    this.#next = [];
    for (let i = 0; i < lists.length; i++) this.#next.push(0);
  }

  /** The first candidate at `position` or behind it; -1 where there is none. `position` never goes back. */
  from(position: number): number {
    const lists = this.#lists;
    const next = this.#next;
    const positions = this.#positions;
    let first = -1;
    for (let i = 0; i < lists.length; i++) {
      const list = lists[i]!;
      let at = next[i]!;
      let found = -1;
      if (typeof list === "number") {
        found = at === 0 ? positions[list]! : -1;
        if (found < position) {
          next[i] = 1;
          continue;
        }
      } else {
        while (at < list.length) {
          found = positions[list[at]!]!;
          if (found >= position) break;
          at++;
        }
        next[i] = at;
        if (at === list.length) continue;
      }
      if (first < 0 || found < first) first = found;
    }
    return first;
  }
}
