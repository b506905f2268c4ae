import type { Address } from "../packet/address.ts";
import type { Context } from "../packet/context.ts";
import { type Field, fields } from "../packet/fields.ts";
import type { DeviceField } from "./formula.ts";

/**
 * 32 bits of what a packet has at a hook, as an int32: a number field, a quarter of an IPv6 address, the hash of an
 * interface's name. What hash tables can be asked for. Two values of a field that differ may give one word, equal ones never
 * give two.
 */
export interface Word {
  readonly name: string;
  read(context: Context): number;
}

/** The words of a field, most significant first; fields wider than 32 bits that are no addresses have their lowest word only. */
export function wordsOf(field: Field): readonly Word[] {
  let words = known.get(field);
  if (words === undefined) {
    words = makeWords(field);
    known.set(field, words);
  }
  return words;
}

const known = new Map<Field, readonly Word[]>();

function makeWords(field: Field): readonly Word[] {
  switch (field) {
    case fields.source4:
      return [addressWord(field.name, 12)];
    case fields.destination4:
      return [addressWord(field.name, 16)];
    case fields.source6:
      return [0, 4, 8, 12].map((at) => addressWord(field.name, 8 + at));
    case fields.destination6:
      return [0, 4, 8, 12].map((at) => addressWord(field.name, 24 + at));
    default:
      return field.bits === 128
        ? [0, 1, 2, 3].map((index) => ({
            name: field.name,
            read: (context) => wordOf(field.read(context), index),
          }))
        : [{ name: field.name, read: (context) => lowWord(field.read(context)) }];
  }
}

/** An address's word straight from the IP header, without a bigint in between. */
const addressWord = (name: string, at: number): Word => ({
  name,
  read({ packet: { bytes } }) {
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  },
});

/** Word 0 to 3 of an IPv6 address; of the -1 that stands for none, -1. */
export const wordOf = (value: Address, index: number): number =>
  typeof value === "number" ? value | 0 : Number(BigInt.asIntN(32, value >> BigInt(96 - 32 * index)));

/** A number's lowest 32 bits. */
export const lowWord = (value: Address): number =>
  typeof value === "number" ? value | 0 : Number(BigInt.asIntN(32, value));

export const deviceWords: Readonly<Record<DeviceField, Word>> = {
  inDevice: { name: "in device", read: ({ inDevice }) => nameWord(inDevice ?? "") },
  outDevice: { name: "out device", read: ({ outDevice }) => nameWord(outDevice ?? "") },
};

/** FNV-1a (draft-eastlake-fnv) over UTF-16 units. */
export function nameWord(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}
