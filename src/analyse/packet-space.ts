import type { DeviceField, Formula, Range } from "../formula/formula.ts";
import type { Family } from "../packet/address.ts";
import { type Field, fields } from "../packet/fields.ts";
import { Bdd } from "./bdd.ts";
import { countPackets } from "./count.ts";
import { CtVariables } from "./ct-variables.ts";
import { DeviceNames } from "./device-names.ts";
import { domainOf, wellFormedOf } from "./domain.ts";
import { type FreeVariable, FreeVariables } from "./free-variables.ts";
import { firstFreeLevel, Layout } from "./layout.ts";
import { MacCodes } from "./mac-codes.ts";
import type { Path } from "./path.ts";
import { constantOf, inRanges, masked, subtractConstant, type Vector } from "./vector.ts";
import { entering, type View } from "./view.ts";
import { Visits } from "./visits.ts";

/** A set of packets in a `PacketSpace`: a node number. Equal sets of one space are equal numbers; 0 is empty, 1 is all. */
export type PacketSet = number;

/** Three answers: for every packet, for none, or it hangs on what sets cannot see (memory, opaque tests, unknown matches). */
export type Answer = "always" | "never" | "may";

/**
 * The sets of well-formed packets of one family. A packet is told by its fields as it enters the host, by its interfaces
 * and by what conntrack says of it; what formulas ask beyond that is decided by free variables. Sets of one space can be
 * combined, whichever rule set they come from.
 *
 * Well-formed: no `hotdrop` guard fires, for all of them ask for headers that are cut short or contradict themselves.
 */
export class PacketSpace {
  readonly family: Family;
  /** Of the IP header, which has no options: words know none. */
  readonly headerBytes: number;
  readonly bdd: Bdd;
  readonly layout: Layout;
  readonly ct: CtVariables;
  readonly entering: View = entering();
  readonly visits = new Visits();
  readonly wellFormed: PacketSet;
  private readonly devices: DeviceNames;
  private readonly macs: MacCodes;
  private readonly free: FreeVariables;
  private readonly plainVectors = new Map<Field, Vector>();
  private readonly vectors = new Map<Field, Vector>();
  private readonly domains = new Map<Path, PacketSet>();

  /**
   * Sets about interfaces of the names in `devices`, and about the MAC addresses in `macs`, are small; those about other ones
   * are exact as well. `mostNodes`: see node-table.ts.
   */
  constructor(
    family: Family,
    devices: readonly string[] = [],
    {
      macs = [],
      mostNodes,
    }: { readonly macs?: readonly number[]; readonly mostNodes?: number | undefined } = {},
  ) {
    this.family = family;
    this.headerBytes = family === "ipv4" ? 20 : 40;
    this.bdd = new Bdd(mostNodes);
    this.devices = new DeviceNames(devices);
    this.macs = new MacCodes(macs);
    this.layout = new Layout(this.devices.codeBits, this.macs.codeBits);
    this.free = new FreeVariables(this.bdd, this.layout);
    this.ct = new CtVariables(this.bdd, this.layout, family, (field) => this.plain(field));
    this.wellFormed = wellFormedOf(this);
  }

  and(...sets: readonly PacketSet[]): PacketSet {
    return sets.reduce((all, set) => this.bdd.and(all, set), 1);
  }

  or(...sets: readonly PacketSet[]): PacketSet {
    return this.union(sets);
  }

  /** Puts sets together in pairs, so that few of the diagrams on the way are large. */
  union(sets: readonly PacketSet[]): PacketSet {
    let level = sets;
    while (level.length > 2) {
      const next: PacketSet[] = [];
      for (let at = 0; at < level.length; at += 2) next.push(this.bdd.or(level[at]!, level[at + 1] ?? 0));
      level = next;
    }
    return this.bdd.or(level[0] ?? 0, level[1] ?? 0);
  }

  /** What is in `a` and not in `b`. */
  minus(a: PacketSet, b: PacketSet): PacketSet {
    return this.bdd.minus(a, b);
  }

  /** The packets that are not in the set, malformed ones included: intersect with `domain`. */
  not(set: PacketSet): PacketSet {
    return this.bdd.not(set);
  }

  isEmpty(set: PacketSet): boolean {
    return set === 0;
  }

  /** Whether every packet of `a` is in `b`. */
  implies(a: PacketSet, b: PacketSet): boolean {
    return this.bdd.implies(a, b);
  }

  disjoint(a: PacketSet, b: PacketSet): boolean {
    return this.bdd.disjoint(a, b);
  }

  /** The well-formed packets that take this path: told by which interfaces they have. */
  domain(path: Path): PacketSet {
    const set = this.domains.get(path) ?? domainOf(this, path);
    this.domains.set(path, set);
    return set;
  }

  /** The packets that are in the set whatever the free variables are. */
  definitely(set: PacketSet): PacketSet {
    return this.bdd.rebuild(set, (level, low, high) =>
      level >= firstFreeLevel ? 0 : this.bdd.node(level, low, high),
    );
  }

  /** Whether any packet is definitely in the set. */
  isCertain(set: PacketSet): boolean {
    const seen = new Set<PacketSet>();
    const pending = [set];
    while (pending.length > 0) {
      const node = pending.pop()!;
      if (node === 1) return true;
      if (node === 0 || seen.has(node) || this.bdd.levelOf(node) >= firstFreeLevel) continue;
      seen.add(node);
      pending.push(this.bdd.lowOf(node), this.bdd.highOf(node));
    }
    return false;
  }

  /** The packets that are in the set for some value of the free variables. */
  possibly(set: PacketSet): PacketSet {
    return this.bdd.rebuild(set, (level, low, high) =>
      level >= firstFreeLevel ? 1 : this.bdd.node(level, low, high),
    );
  }

  /** Whether the packets of `of` are in `set`. `may` is also the answer where some are and some are not. */
  answer(set: PacketSet, of: PacketSet): Answer {
    if (this.disjoint(set, of)) return "never";
    return this.implies(of, set) ? "always" : "may";
  }

  /** The names of the free variables that decide whether packets are in the set. */
  deciders(set: PacketSet): readonly string[] {
    return [...new Set(this.freeOf(set).map(({ name }) => name))];
  }

  freeOf(set: PacketSet): readonly FreeVariable[] {
    return this.bdd
      .support(set)
      .filter((level) => level >= firstFreeLevel)
      .flatMap((level) => this.free.at(level) ?? []);
  }

  /** All that decides about packets of this space's sets, and that they cannot see; the bits of one number stand together. */
  get unknowns(): readonly FreeVariable[] {
    return this.free.all();
  }

  /** How many (source, destination, protocol, ports or ICMP type and code) there are in the set. */
  count(set: PacketSet): bigint {
    return countPackets(this, set);
  }

  /**
   * The packets that a formula holds for, as `view` shows them. Opaque leaves of equal key are one variable as long as the
   * packet was rewritten alike; a stateful or unknown leaf is a variable of its own, and another one at each `visit`.
   */
  set(formula: Formula, view: View = this.entering, visit = 0): PacketSet {
    const known = visit === 0 ? view.known.get(formula) : undefined;
    if (known !== undefined) return known;
    const set = this.compile(formula, view, visit);
    if (visit === 0) view.known.set(formula, set);
    return set;
  }

  private compile(formula: Formula, view: View, visit: number): PacketSet {
    const { bdd } = this;
    switch (formula.kind) {
      case "always":
        return formula.value ? 1 : 0;
      case "in":
        return bdd.and(this.presence(formula.field, view), this.ranged(formula.field, formula.ranges, view));
      case "masked":
        return bdd.and(
          this.presence(formula.field, view),
          masked(bdd, this.vector(formula.field, view), formula.mask, formula.value),
        );
      case "device":
        return this.device(formula.field, formula.name, formula.prefix, view);
      case "and":
        return formula.of.reduceRight((all, part) => bdd.and(this.compile(part, view, visit), all), 1);
      case "or":
        return formula.of.reduce((all, part) => bdd.or(all, this.compile(part, view, visit)), 0);
      case "not":
        return bdd.not(this.compile(formula.of, view, visit));
      case "hotdrop":
        return 1;
      case "opaque":
        return this.free.opaque(formula, view);
      case "stateful":
        return this.free.occurrence(formula, formula.label, "stateful", view, visit);
      case "unknown":
        return this.free.occurrence(formula, formula.text, "unknown", view, visit);
    }
  }

  /** The packets whose interface at this end has the name, or begins with it. No interface has the empty name. */
  device(field: DeviceField, name: string, prefix: boolean, view: View = this.entering): PacketSet {
    if (view.missing.has(field)) return name === "" ? 1 : 0;
    const first = field === "inDevice" ? this.layout.inDevice : this.layout.outDevice;
    return this.devices.set(this.bdd, first, name, prefix);
  }

  /** The packets whose field lies in one of the ranges, whether or not they have it at all. */
  ranged(field: Field, ranges: readonly Range[], view: View = this.entering): PacketSet {
    if (field !== fields.macSource) return inRanges(this.bdd, this.vector(field, view), ranges);
    return this.macs.set(this.bdd, this.macCode, this.plain(field), ranges);
  }

  private get macCode(): Vector {
    return Array.from({ length: this.macs.codeBits }, (_, bit) => this.bdd.variable(this.layout.mac + bit));
  }

  /** What a field is, for each packet. */
  vector(field: Field, view: View = this.entering): Vector {
    const rewritten = view.rewritten(field);
    if (rewritten) return rewritten;
    let vector = this.vectors.get(field);
    if (!vector) {
      vector = this.entered(field);
      this.vectors.set(field, vector);
    }
    return vector;
  }

  private entered(field: Field): Vector {
    switch (field) {
      case fields.macSource:
        return this.macs.vector(this.bdd, this.macCode, this.plain(field));
      case fields.transportLength:
        return subtractConstant(this.bdd, this.vector(fields.length), this.headerBytes).difference;
      default:
        return this.ct.vector(field) ?? this.plain(field);
    }
  }

  /** The packets that have the field at all. */
  presence(field: Field, view: View = this.entering): PacketSet {
    if (view.missing.has(field)) return 0;
    if (field === fields.tcpMss) return this.bdd.variable(this.layout.presence(field));
    if (field === fields.ownerUid || field === fields.ownerGid) return this.bdd.variable(this.layout.owned);
    if (!field.name.startsWith("ct") && field !== fields.ctmark) return 1;
    if (field === fields.ctstate || field === fields.ctstatus) return 1;
    return this.trackedIn(view);
  }

  /** The packets that have a conntrack entry as the view shows them. */
  trackedIn(view: View): PacketSet {
    const vector = this.vector(fields.ctstate, view);
    // INVALID and UNTRACKED are bits 0 and 8
    return this.bdd.minus(this.bdd.not(vector[8]!), vector[0]!);
  }

  /** A vector that nobody knows: fresh variables. */
  unknownVector(width: number, name: string): Vector {
    return Array.from({ length: width }, () => this.free.fresh(name, "rewrite"));
  }

  /** The field's own variables. */
  private plain(field: Field): Vector {
    let vector = this.plainVectors.get(field);
    if (!vector) {
      const start = this.layout.start(field);
      vector = Array.from({ length: field.bits }, (_, bit) => this.bdd.variable(start + bit));
      this.plainVectors.set(field, vector);
    }
    return vector;
  }

  /** The one value that the field has, `undefined` where it depends on the packet. */
  constantOf(field: Field, view: View): bigint | undefined {
    return constantOf(this.vector(field, view));
  }
}
