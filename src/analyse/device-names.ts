import type { Ruleset } from "../model/ruleset.ts";
import type { Bdd } from "./bdd.ts";
import { inRanges, masked, type Vector } from "./vector.ts";

/** Characters of an interface's name (IFNAMSIZ less the NUL that ends it). */
const longest = 15;

/** Other names are written out: 16 characters of 8 bits. */
export const spelledBits = (longest + 1) * 8;

/** The interfaces that rules name in full. */
export function namedDevices({ tables }: Ruleset): readonly string[] {
  const names = new Set<string>();
  for (const { chains } of tables.values()) {
    for (const { rules } of chains.values()) {
      for (const { spec } of rules) {
        for (const end of [spec.inInterface, spec.outInterface]) if (end) names.add(end.value);
      }
    }
  }
  return [...names].filter((name) => !name.endsWith("+"));
}

/**
 * What the variables of an interface mean. Names that were told beforehand have a short code each; any other code says that
 * the name is written out behind it. The pair of "another name" and a known one spelled out is no interface, but no set
 * needs to leave it out: rules cannot tell it from a name that nobody mentions and that begins alike.
 */
export class DeviceNames {
  /** Bits of a code. */
  readonly codeBits: number;
  private readonly codes: ReadonlyMap<string, number>;

  /** The empty name is the one of no interface. */
  constructor(names: readonly string[]) {
    // in order, so that names that begin alike stand together
    const all = [...new Set(["", ...names.map(shortened)])].sort();
    this.codes = new Map(all.map((name, code) => [name, code]));
    this.codeBits = Math.ceil(Math.log2(all.length + 1));
  }

  /** The packets whose interface has the name, or a name that begins with it; `first` is the level of the code's first bit. */
  set(bdd: Bdd, first: number, name: string, prefix: boolean): number {
    const bits = (count: number, from: number) =>
      Array.from({ length: count }, (_, bit) => bdd.variable(from + bit));
    const code = bits(this.codeBits, first);
    const wanted = shortened(name);
    if (!prefix) {
      const known = this.codes.get(wanted);
      if (known !== undefined) return inRanges(bdd, code, [[known, known]]);
    }
    const known = [...this.codes].filter(([one]) => prefix && one.startsWith(wanted)).map(([, own]) => own);
    const another = inRanges(bdd, code, [[this.codes.size, 2 ** this.codeBits - 1]]);
    const spelled = bits(spelledBits, first + this.codeBits);
    return bdd.or(
      inRanges(
        bdd,
        code,
        known.map((own) => [own, own]),
      ),
      bdd.and(another, begins(bdd, spelled, prefix ? wanted : `${wanted}\0`)),
    );
  }
}

/** The kernel keeps no more of a name. */
const shortened = (name: string): string => [...name].slice(0, longest).join("");

function begins(bdd: Bdd, spelled: Vector, text: string): number {
  let result = 1;
  for (const [at, char] of [...[...text].entries()].reverse()) {
    result = bdd.and(masked(bdd, spelled.slice(8 * at, 8 * at + 8), 255, char.charCodeAt(0) & 255), result);
  }
  return result;
}
