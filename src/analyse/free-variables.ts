import type { Formula } from "../formula/formula.ts";
import type { Context } from "../packet/context.ts";
import type { Bdd } from "./bdd.ts";
import type { Layout } from "./layout.ts";
import type { View } from "./view.ts";

type Opaque = Extract<Formula, { kind: "opaque" }>;

/** Something that decides about packets and that sets cannot see. */
export interface FreeVariable {
  readonly level: number;
  /** For people: what the leaf asks. */
  readonly name: string;
  readonly kind: "opaque" | "stateful" | "unknown" | "rewrite";
  /** Of an opaque leaf on a packet that is as it came in: what would decide. */
  readonly test: ((context: Context) => boolean) | undefined;
}

/** Gives each leaf that the algebra cannot see its variable. */
export class FreeVariables {
  private readonly bdd: Bdd;
  private readonly layout: Layout;
  private readonly byLevel = new Map<number, FreeVariable>();
  private readonly byKey = new Map<string, number>();
  private readonly numbers = new Map<Formula, number>();

  constructor(bdd: Bdd, layout: Layout) {
    this.bdd = bdd;
    this.layout = layout;
  }

  /** In the order of their levels. */
  all(): readonly FreeVariable[] {
    return [...this.byLevel.values()];
  }

  at(level: number): FreeVariable | undefined {
    return this.byLevel.get(level);
  }

  /** A pure function of the packet: the same one for all packets that were rewritten alike. */
  opaque({ key, test, steady }: Opaque, view: View): number {
    const whole = `opaque ${key}\n${steady ? view.rewriteKey : view.packetKey}`;
    const known = this.byKey.get(whole);
    if (known !== undefined) return this.bdd.variable(known);
    const level = this.add(key, "opaque", view.packetKey === "" ? test : undefined);
    this.byKey.set(whole, level);
    return this.bdd.variable(level);
  }

  /** A leaf that answers anew at each place and each visit. */
  occurrence(leaf: Formula, name: string, kind: "stateful" | "unknown", view: View, visit: number): number {
    const number = this.numbers.get(leaf) ?? this.numbers.size;
    this.numbers.set(leaf, number);
    // what is unknown may be a pure function, so that a rewritten packet needs a variable of its own as well
    const whole = `leaf ${number} ${visit}\n${kind === "unknown" ? view.packetKey : ""}`;
    const known = this.byKey.get(whole);
    if (known !== undefined) return this.bdd.variable(known);
    const level = this.add(name, kind, undefined);
    this.byKey.set(whole, level);
    return this.bdd.variable(level);
  }

  fresh(name: string, kind: FreeVariable["kind"]): number {
    return this.bdd.variable(this.add(name, kind, undefined));
  }

  private add(name: string, kind: FreeVariable["kind"], test: FreeVariable["test"]): number {
    const level = this.layout.free();
    this.byLevel.set(level, { level, name, kind, test });
    return level;
  }
}
