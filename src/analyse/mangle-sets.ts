import type { Effect } from "../extensions/effect.ts";
import { fields } from "../packet/fields.ts";
import type { PacketSpace } from "./packet-space.ts";
import { sharedUnknown } from "./shared-unknowns.ts";
import { type State, split } from "./state.ts";
import { addConstant, bitsOf, constant, subtractConstant, type Vector } from "./vector.ts";

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

/** `(value & ~clear) ^ xor`. */
export function clearAndXor(space: PacketSpace, vector: Vector, clear: number, xor: number): Vector {
  const clears = bitsOf(clear >>> 0, vector.length);
  const flips = bitsOf(xor >>> 0, vector.length);
  return vector.map((bit, at) => {
    const kept = clears[at] ? 0 : bit;
    return flips[at] ? space.not(kept) : kept;
  });
}

export function changeMark(space: PacketSpace, state: State, { clear, xor }: Of<"mark" | "tproxy">): State {
  const mark = clearAndXor(space, space.vector(fields.mark, state.view), clear, xor);
  return { ...state, view: state.view.with(fields.mark, mark) };
}

export function changeTos(space: PacketSpace, state: State, { clear, xor }: Of<"tos">): State {
  const tos = clearAndXor(space, space.vector(fields.tos, state.view), clear, xor);
  return { ...state, view: state.view.with(fields.tos, tos) };
}

/** Stays within 0 and 255 (xt_HL.c). */
export function changeTtl(space: PacketSpace, state: State, { operation, value }: Of<"ttl">): State {
  const old = space.vector(fields.ttl, state.view);
  return { ...state, view: state.view.with(fields.ttl, newTtl(space, old, operation, value)) };
}

function newTtl(space: PacketSpace, old: Vector, operation: Of<"ttl">["operation"], value: number): Vector {
  const { bdd } = space;
  const { bits } = fields.ttl;
  switch (operation) {
    case "set":
      return constant(Math.min(255, Math.max(0, value)), bits);
    case "increase": {
      const { sum, carry } = addConstant(bdd, old, value);
      return sum.map((bit) => bdd.or(bit, carry));
    }
    case "decrease": {
      const { difference, borrow } = subtractConstant(bdd, old, value);
      return difference.map((bit) => bdd.minus(bit, borrow));
    }
  }
}

/** connmark_tg_shift (xt_connmark.c): leaves packets without a connection alone. */
export function moveMark(space: PacketSpace, state: State, effect: Of<"connmark">): readonly State[] {
  const { inside, outside } = split(space, state, space.trackedIn(state.view));
  const { view } = inside;
  const mark = space.vector(fields.mark, view);
  const ctmark = space.vector(fields.ctmark, view);
  const { ctMask, nfMask, value } = effect;
  const combine = (a: Vector, b: Vector) => a.map((bit, at) => space.bdd.xor(bit, b[at]!));
  const only = (vector: Vector, mask: number) => clearAndXor(space, vector, ~mask, 0);
  switch (effect.operation) {
    case "set": {
      const set = shift(clearAndXor(space, ctmark, ctMask, value), effect.shift);
      return [{ ...inside, view: view.with(fields.ctmark, set) }, outside];
    }
    case "save": {
      const saved = combine(clearAndXor(space, ctmark, ctMask, 0), shift(only(mark, nfMask), effect.shift));
      return [{ ...inside, view: view.with(fields.ctmark, saved) }, outside];
    }
    case "restore": {
      const restored = combine(
        clearAndXor(space, mark, nfMask, 0),
        shift(only(ctmark, ctMask), effect.shift),
      );
      return [{ ...inside, view: view.with(fields.mark, restored) }, outside];
    }
  }
}

/** `-j SET --map-set`: what the packet's entry carries, where it has one (xt_set.c). */
export function mapFromSet(space: PacketSpace, state: State, { map }: Of<"set">): readonly State[] {
  if (!map?.mark) return [state];
  const key = `${map.name} ${map.directions.join(",")}`;
  const mark = sharedUnknown(
    space,
    fields.mark.bits,
    `the mark that the set ${map.name} gives`,
    state.view,
    key,
  );
  return [{ ...state, view: state.view.with(fields.mark, mark) }];
}

/** To the left, or to the right where `by` is negative; bits are lost at the end. */
const shift = (vector: Vector, by: number): Vector => vector.map((_, at) => vector[at + by] ?? 0);
