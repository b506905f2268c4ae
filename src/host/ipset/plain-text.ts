const [zero, nine, dot, colon] = [48, 57, 46, 58];
const tooLong = 0x10000;

/** Reads numbers and addresses in their plainest form off a text. A reading that fails gives -1 or false. */
export class PlainText {
  readonly text: string;
  /** Where the next character stands, and the end of what may be read. */
  at = 0;
  end = 0;
  readonly #groups = new Uint16Array(8);

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** Goes past a character, if it is the next one. */
  skip(code: number): boolean {
    if (this.at >= this.end || this.text.charCodeAt(this.at) !== code) return false;
    this.at++;
    return true;
  }

  /** Goes past a word, if it is next. */
  skipWord(word: string): boolean {
    if (this.at + word.length > this.end || !this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** A decimal number up to `most` without zeros in front. */
  number(most: number): number {
    const start = this.at;
    let value = 0;
    while (this.at < this.end) {
      const code = this.text.charCodeAt(this.at);
      if (code < zero || code > nine) break;
      value = value * 10 + code - zero;
      if (value > most) return -1;
      this.at++;
    }
    const digits = this.at - start;
    return digits === 0 || (digits > 1 && this.text.charCodeAt(start) === zero) ? -1 : value;
  }

  /** Writes an IPv4 address of four numbers as one word. */
  ipv4(words: Uint32Array, to: number): boolean {
    let address = 0;
    for (let part = 0; part < 4; part++) {
      if (part > 0 && !this.skip(dot)) return false;
      const value = this.number(255);
      if (value < 0) return false;
      address = (address << 8) | value;
    }
    words[to] = address;
    return true;
  }

  /** Writes an IPv6 address without a dotted tail as four words. */
  ipv6(words: Uint32Array, to: number): boolean {
    const groups = this.#groups;
    let gap = this.skipWord("::") ? 0 : -1;
    let isWanted = false;
    let count = 0;
    while (count < 8) {
      const value = this.#group();
      if (value < 0) break;
      if (value > 0xffff) return false;
      groups[count++] = value;
      isWanted = false;
      if (this.skipWord("::")) {
        if (gap >= 0) return false;
        gap = count;
      } else if (this.skip(colon)) isWanted = true;
      else break;
    }
    if (isWanted || (gap < 0 ? count < 8 : count > 7)) return false;
    words.fill(0, to, to + 4);
    for (let group = 0; group < count; group++) {
      const place = gap < 0 || group < gap ? group : group + 8 - count;
      words[to + (place >> 1)]! |= place & 1 ? groups[group]! : groups[group]! << 16;
    }
    return true;
  }

  /** Up to five hexadecimal digits, of which a group has four at most; -1 where there is none. */
  #group(): number {
    const start = this.at;
    let value = 0;
    while (this.at < this.end && this.at - start < 5) {
      const digit = hexDigit(this.text.charCodeAt(this.at));
      if (digit < 0) break;
      value = value * 16 + digit;
      this.at++;
    }
    const digits = this.at - start;
    return digits === 0 ? -1 : digits > 4 ? tooLong : value;
  }
}

function hexDigit(code: number): number {
  if (code >= zero && code <= nine) return code - zero;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
