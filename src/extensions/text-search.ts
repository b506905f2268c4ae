/** Kernel's toupper: ASCII and the lower-case letters of Latin-1 (lib/ctype.c). */
function upperCase(byte: number): number {
  const ascii = byte >= 0x61 && byte <= 0x7a;
  const latin = byte >= 0xdf && byte !== 0xf7;
  return ascii || latin ? byte - 0x20 : byte;
}

/** A pattern that is looked for in packets (lib/ts_bm.c and lib/ts_kmp.c, which find the same in a packet of one piece). */
export class TextSearch {
  readonly #pattern: Uint8Array;
  readonly #ignoreCase: boolean;

  constructor(pattern: Uint8Array, ignoreCase: boolean) {
    this.#ignoreCase = ignoreCase;
    this.#pattern = ignoreCase ? pattern.map(upperCase) : pattern;
  }

  /**
   * Whether the pattern lies in bytes `from` to `to`, both counted from the IP header; its last byte is before `to`
   * (skb_find_text, net/core/skbuff.c).
   */
  finds(bytes: Uint8Array, from: number, to: number): boolean {
    const text = this.#ignoreCase ? bytes.map(upperCase) : bytes;
    const last = Math.min(to, text.length) - this.#pattern.length;
    for (let start = from; start <= last; start++) if (this.#standsAt(text, start)) return true;
    return false;
  }

  #standsAt(text: Uint8Array, start: number): boolean {
    for (let i = 0; i < this.#pattern.length; i++) if (text[start + i] !== this.#pattern[i]) return false;
    return true;
  }
}
