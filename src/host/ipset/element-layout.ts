import type { Address, Family } from "../../packet/address.ts";
import { Names } from "./names.ts";
import type { Part } from "./part.ts";
import type { PartKind, SetType } from "./set-type.ts";

/** A dimension and the first of its words. */
export interface Place {
  readonly kind: PartKind;
  readonly at: number;
}

/** In the upper word of a MAC: it is not known yet. */
const unknownMac = 0x10000;

/**
 * How the elements of a set are written as rows of 32-bit words, dimension by dimension. The words that elements are found
 * by come first (`keyWidth` of `width`): the MAC of a bitmap and the name of an interface are no part of them.
 *
 * An address has one word or four, a network its prefix length behind it; a port its protocol in the upper half; a MAC its
 * upper 16 bits in a word of its own; an interface a word that says whether it is a bridge's port, and one with its name's
 * number, twice, plus 1 for a wildcard; a member of a list its name's number.
 */
export class ElementLayout {
  readonly places: readonly Place[];
  readonly width: number;
  readonly keyWidth: number;
  /** Words of an address. */
  readonly addressWords: 1 | 4;
  /** First words of the dimensions that are networks. */
  readonly nets: readonly number[];
  /** The upper word of a bitmap's MAC, and an interface's name; -1 where there is none. */
  readonly macAt: number = -1;
  readonly interfaceAt: number = -1;
  readonly names = new Names();

  constructor({ parts, storage }: SetType, family: Family) {
    this.addressWords = family === "ipv4" ? 1 : 4;
    const places: Place[] = [];
    let at = 0;
    let apart = 0;
    for (const kind of parts) {
      places.push({ kind, at });
      if (kind === "iface") {
        this.interfaceAt = at + 1;
        apart = 1;
      } else if (kind === "mac" && storage === "bitmap") {
        this.macAt = at;
        apart = 2;
      }
      at += this.#wordsOf(kind);
    }
    this.places = places;
    this.width = at;
    this.keyWidth = at - apart;
    this.nets = places.filter(({ kind }) => kind === "net").map((place) => place.at);
  }

  #wordsOf(kind: PartKind): number {
    switch (kind) {
      case "ip":
        return this.addressWords;
      case "net":
        return this.addressWords + 1;
      case "mac":
      case "iface":
        return 2;
      case "port":
      case "mark":
      case "set":
        return 1;
    }
  }

  encode(parts: readonly Part[], words: Uint32Array): Uint32Array {
    for (const [index, part] of parts.entries()) this.#write(part, this.places[index]?.at ?? 0, words);
    return words;
  }

  #write(part: Part, at: number, words: Uint32Array): void {
    switch (part.kind) {
      case "ip":
        this.#writeAddress(part.address, at, words);
        return;
      case "net":
        this.#writeAddress(part.address, at, words);
        words[at + this.addressWords] = part.prefix;
        return;
      case "port":
        words[at] = (part.protocol << 16) | part.port;
        return;
      case "mac":
        writeMac(part.address, at, words);
        return;
      case "mark":
        words[at] = part.mark;
        return;
      case "iface":
        words[at] = part.physical ? 1 : 0;
        words[at + 1] = this.nameWord(part.name, part.wildcard);
        return;
      case "set":
        words[at] = this.names.numberOf(part.name);
    }
  }

  /** An address alone. */
  addressOf(address: Address): Uint32Array {
    const words = new Uint32Array(this.addressWords);
    this.#writeAddress(address, 0, words);
    return words;
  }

  #writeAddress(address: Address, at: number, words: Uint32Array): void {
    if (typeof address === "number") {
      words[at] = address;
      return;
    }
    for (let word = 3, rest = address; word >= 0; word--, rest >>= 32n) {
      words[at + word] = Number(rest & 0xffffffffn);
    }
  }

  /** The element whose words begin at `from`. */
  decode(words: Uint32Array, from: number): readonly Part[] {
    return this.places.map(({ kind, at }) => this.#read(kind, words, from + at));
  }

  #read(kind: PartKind, words: Uint32Array, at: number): Part {
    const word = words[at]!;
    switch (kind) {
      case "ip":
        return { kind, address: this.#readAddress(words, at) };
      case "net":
        return { kind, address: this.#readAddress(words, at), prefix: words[at + this.addressWords]! };
      case "port":
        return { kind, protocol: word >>> 16, port: word & 0xffff };
      case "mac":
        return { kind, address: isUnknownMac(word) ? undefined : word * 2 ** 32 + words[at + 1]! };
      case "mark":
        return { kind, mark: word };
      case "iface": {
        const name = words[at + 1]!;
        return {
          kind,
          name: this.names.name(name >>> 1),
          physical: word === 1,
          wildcard: (name & 1) === 1,
        };
      }
      case "set":
        return { kind, name: this.names.name(word) };
    }
  }

  #readAddress(words: Uint32Array, at: number): Address {
    if (this.addressWords === 1) return words[at]!;
    let address = 0n;
    for (let word = 0; word < 4; word++) address = (address << 32n) | BigInt(words[at + word]!);
    return address;
  }

  /** The word of an interface's name. */
  nameWord(name: string, wildcard: boolean): number {
    return 2 * this.names.numberOf(name) + (wildcard ? 1 : 0);
  }

  /** Whether an interface's word, a wildcard perhaps, stands for the interface of another. */
  covers(own: number, given: number): boolean {
    if ((own & 1) === 0) return own >>> 1 === given >>> 1;
    return this.names.name(given >>> 1).startsWith(this.names.name(own >>> 1));
  }

  /** Puts a mask on the address at `at`. */
  mask(words: Uint32Array, at: number, mask: Uint32Array): void {
    for (let word = 0; word < this.addressWords; word++) words[at + word]! &= mask[word]!;
  }

  isZero(words: Uint32Array, at: number): boolean {
    for (let word = 0; word < this.addressWords; word++) if (words[at + word] !== 0) return false;
    return true;
  }

  /** Writes the network of `prefix` bits in which an element's address at `at` lies. */
  narrow(element: Uint32Array, at: number, prefix: number, words: Uint32Array): void {
    for (let word = 0, bits = prefix; word < this.addressWords; word++, bits -= 32) {
      const mask = bits >= 32 ? -1 : bits <= 0 ? 0 : -1 << (32 - bits);
      words[at + word] = element[at + word]! & mask;
    }
    words[at + this.addressWords] = prefix;
  }
}

export const isUnknownMac = (upper: number): boolean => upper === unknownMac;

export function writeMac(address: number | undefined, at: number, words: Uint32Array): void {
  words[at] = address === undefined ? unknownMac : Math.floor(address / 2 ** 32);
  words[at + 1] = address ?? 0;
}
