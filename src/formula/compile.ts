import type { Context, World } from "../packet/context.ts";
import type { Formula } from "./formula.ts";

export type Predicate = (context: Context) => boolean;

/** Reader one: turns a formula into a predicate. Each call makes the memory of its stateful leaves anew. */
export function compile(formula: Formula, world: World): Predicate {
  switch (formula.kind) {
    case "always": {
      const { value } = formula;
      return () => value;
    }
    case "in":
      return compileIn(formula);
    case "masked":
      return compileMasked(formula);
    case "device": {
      const { field, name, prefix } = formula;
      // x_tables compares an absent device as the empty name
      return prefix ? (c) => (c[field] ?? "").startsWith(name) : (c) => (c[field] ?? "") === name;
    }
    case "and":
      return allOf(formula.of.map((part) => compile(part, world)));
    case "or": {
      const of = formula.of.map((part) => compile(part, world));
      return (c) => {
        for (const part of of) {
          if (part(c)) return true;
          if (c.hotdrop) return false;
        }
        return false;
      };
    }
    case "not": {
      const of = compile(formula.of, world);
      return (c) => !of(c) && !c.hotdrop;
    }
    case "hotdrop": {
      const of = compile(formula.of, world);
      return (c) => {
        if (!of(c)) return !c.hotdrop;
        c.hotdrop = true;
        return false;
      };
    }
    case "opaque":
      return formula.test;
    case "stateful":
      return formula.create(world);
    case "unknown": {
      const { text } = formula;
      return (c) => {
        c.world.assume(text);
        return false;
      };
    }
  }
}

/** Holds where all of them do; none behind one that fails is asked. */
export function allOf(predicates: readonly Predicate[]): Predicate {
  const only = predicates.length === 1 ? predicates[0] : undefined;
  if (only) return only;
  return (c) => {
    for (let i = 0; i < predicates.length; i++) if (!predicates[i]!(c)) return false;
    return true;
  };
}

function compileIn({ field, ranges }: Extract<Formula, { kind: "in" }>): Predicate {
  const only = ranges[0];
  if (ranges.length === 1 && only) {
    const [low, high] = only;
    if (low === high) return (c) => field.read(c) === low;
    return (c) => {
      const value = field.read(c);
      return value !== -1 && value >= low && value <= high;
    };
  }
  return (c) => {
    const value = field.read(c);
    if (value === -1) return false;
    for (const [low, high] of ranges) if (value >= low && value <= high) return true;
    return false;
  };
}

function compileMasked({ field, mask, value }: Extract<Formula, { kind: "masked" }>): Predicate {
  if (typeof mask === "bigint" || typeof value === "bigint") {
    const wideMask = BigInt(mask);
    const wideValue = BigInt(value);
    return (c) => {
      const read = field.read(c);
      return typeof read === "bigint" && (read & wideMask) === wideValue;
    };
  }
  return (c) => {
    const read = field.read(c);
    return typeof read === "number" && read !== -1 && (read & mask) >>> 0 === value;
  };
}
