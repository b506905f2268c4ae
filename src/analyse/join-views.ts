import type { Field } from "../packet/fields.ts";
import type { Value } from "./field-values.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import type { State } from "./state.ts";
import type { Vector } from "./vector.ts";

/** One state for all: each field is what it is in the state that the packet belongs to. */
export function joinViews(space: PacketSpace, states: readonly State[]): State {
  const join = new Join(space, states);
  const values = new Map<Field, Value>();
  for (const field of new Set(states.flatMap(({ view }) => [...view.values.keys()]))) {
    const [first, ...others] = states.map(({ view }) => view.values.get(field));
    const same = first && others.every((one) => one?.key === first.key);
    values.set(field, same ? first : new JoinedValue(join, field));
  }
  const missing = new Set(states.flatMap(({ view }) => [...view.missing]));
  return { set: space.union(states.map(({ set }) => set)), view: space.entering.having(values, missing) };
}

/** A field that is another one in each state. Many are never asked for. */
class JoinedValue implements Value {
  readonly isJoined = true;
  private readonly join: Join;
  private readonly field: Field;
  private known: Vector | undefined;

  constructor(join: Join, field: Field) {
    this.join = join;
    this.field = field;
  }

  get key(): string {
    return `join ${this.join.number}`;
  }

  get bits(): Vector {
    this.known ??= this.join.bitsOf(this.field);
    return this.known;
  }
}

const numbers = new WeakMap<PacketSpace, Map<string, number>>();

/** The same number for the same text of one space. */
function numberOf(space: PacketSpace, text: string): number {
  const known = numbers.get(space) ?? new Map<string, number>();
  numbers.set(space, known);
  const number = known.get(text) ?? known.size;
  known.set(text, number);
  return number;
}

class Join {
  private readonly space: PacketSpace;
  private readonly states: readonly State[];
  // a field may be the copy of another one, and many of an address' bits are the same in all states
  private readonly known = new Map<string, PacketSet>();
  private knownNumber: number | undefined;

  constructor(space: PacketSpace, states: readonly State[]) {
    this.space = space;
    this.states = states;
  }

  /** Equal for equal states of one space, whatever their order. */
  get number(): number {
    if (this.knownNumber === undefined) {
      // a view's key is long, and there may be tens of thousands of them
      const parts = this.states.map(({ set, view }) => `${set} ${numberOf(this.space, view.key)}`);
      this.knownNumber = numberOf(this.space, parts.sort().join("\n"));
    }
    return this.knownNumber;
  }

  bitsOf(field: Field): Vector {
    const vectors = this.states.map(({ view }) => this.space.vector(field, view));
    return this.space.vector(field).map((_, at) => this.bit(vectors.map((one) => one[at]!)));
  }

  private bit(bits: readonly PacketSet[]): PacketSet {
    const key = bits.join(" ");
    const bit = this.known.get(key) ?? joinedBit(this.space, this.states, bits);
    this.known.set(key, bit);
    return bit;
  }
}

/** More than so many values are not told apart one after the other, for that would be quadratic. */
const fewValues = 8;

/** A bit that is another one in each state. */
function joinedBit(space: PacketSpace, states: readonly State[], bits: readonly PacketSet[]): PacketSet {
  const groups = new Map<PacketSet, PacketSet[]>();
  for (const [index, { set }] of states.entries()) {
    const bit = bits[index]!;
    const group = groups.get(bit);
    if (group) group.push(set);
    else groups.set(bit, [set]);
  }
  const sorted = [...groups].sort(([, one], [, other]) => other.length - one.length);
  if (sorted.length > fewValues) {
    return space.union(sorted.map(([bit, sets]) => space.and(space.union(sets), bit)));
  }
  // packets of no state do not count: they get what most have
  const [most, ...others] = sorted;
  return others.reduce((all, [bit, sets]) => space.bdd.choose(space.union(sets), bit, all), most?.[0] ?? 0);
}
