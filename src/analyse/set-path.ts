import type { DeviceField } from "../formula/formula.ts";
import { type Backend, type Step, stepsAtHook } from "../model/hooks.ts";
import { ctstates } from "../packet/connection.ts";
import type { Hook } from "../packet/context.ts";
import { type Field, fields } from "../packet/fields.ts";
import type { Outcome, PathResult } from "./analysis.ts";
import type { By, TableExit } from "./chain-summary.ts";
import { followEarlierNat } from "./nat-sets.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { hooksOfPath, type Path } from "./path.ts";
import { RegionList } from "./region-list.ts";
import { beforeNat, repeatedPackets, translatedOnly } from "./repeated-packets.ts";
import type { SetWalk } from "./set-walk.ts";
import { mergeStates, type State, split } from "./state.ts";
import { withoutTemplate } from "./template-sets.ts";
import { constant, inRanges, subtractConstant } from "./vector.ts";

/** What the rule set as a whole says about the host. */
export interface PathSettings {
  readonly backend: Backend;
  /** A rule turns connection tracking on. */
  readonly tracks: boolean;
  /** A rule of the nat table translates, so that connections from before may be translated, too. */
  readonly translates: boolean;
  readonly hasNat: boolean;
  /** A rule asks for the TTL. */
  readonly asksTtl: boolean;
}

/** Who let packets through, the last word so far. */
interface Decided {
  readonly set: PacketSet;
  readonly by: By;
  readonly hook: Hook;
}

/** Takes all packets of one path through the hooks' tables in their order. */
export class SetPath {
  private readonly space: PacketSpace;
  private readonly walk: SetWalk;
  private readonly settings: PathSettings;
  private readonly path: Path;
  private readonly regions: RegionList;
  private states: readonly State[];
  private decided: readonly Decided[] = [];
  private filterSpoke = false;

  constructor(space: PacketSpace, walk: SetWalk, settings: PathSettings, path: Path) {
    this.space = space;
    this.walk = walk;
    this.settings = settings;
    this.path = path;
    this.regions = new RegionList(space);
    this.states = [{ set: this.enteringSet(), view: space.entering }];
  }

  /** With conntrack on, fragments are put together before the first hook (nf_defrag). */
  private enteringSet(): PacketSet {
    const { space } = this;
    const domain = space.domain(this.path);
    if (!this.settings.tracks) return domain;
    const whole = inRanges(space.bdd, space.vector(fields.fragmentOffset), [[0, 0]]);
    return space.and(domain, whole);
  }

  run(): PathResult {
    const hooks = hooksOfPath[this.path];
    for (const hook of hooks) {
      if (hook === "FORWARD") this.decreaseTtl();
      this.atHook(hook);
      for (const step of stepsAtHook[this.settings.backend][hook]) this.step(step, hook);
    }
    this.accept(hooks[0] ?? "INPUT");
    return { path: this.path, regions: this.regions.all() };
  }

  /** What a packet at this hook does not have. */
  private atHook(hook: Hook): void {
    const missing = new Set<Field | DeviceField>();
    if (hook === "OUTPUT" || this.path === "OUTPUT") missing.add("inDevice");
    if (hook === "PREROUTING" || hook === "INPUT") missing.add("outDevice");
    // xt_mac: only what came in over Ethernet has one, up to FORWARD
    if (hook === "OUTPUT" || hook === "POSTROUTING") missing.add(fields.macSource);
    this.states = this.states.map((state) => ({ ...state, view: state.view.lacking(missing) }));
    // in raw, conntrack has not seen the packet yet
    if (this.settings.tracks && (hook === "PREROUTING" || hook === "OUTPUT")) {
      const unseen = constant(ctstates.INVALID, fields.ctstate.bits);
      this.states = this.states.map((state) => ({ ...state, view: state.view.with(fields.ctstate, unseen) }));
    }
  }

  /** ip_forward: a packet whose TTL ends is not forwarded. */
  private decreaseTtl(): void {
    const { space } = this;
    this.states = this.states.flatMap((state) => {
      const ttl = space.vector(fields.ttl, state.view);
      const set = space.minus(state.set, inRanges(space.bdd, ttl, [[0, 1]]));
      if (!this.settings.asksTtl) return [{ ...state, set }];
      const { difference } = subtractConstant(space.bdd, ttl, 1);
      return [{ set, view: state.view.with(fields.ttl, difference) }];
    });
  }

  private step(step: Step, hook: Hook): void {
    switch (step) {
      case "conntrack":
        if (this.settings.tracks) this.track();
        return;
      case "confirm":
        return;
      case "nat":
        if (this.settings.tracks && this.settings.hasNat) this.nat(hook);
        return;
      default:
        this.states = this.table(step, hook, this.states);
    }
  }

  /** The state is what the packet's variables say; UNTRACKED are those that raw exempted, and no others. */
  private track(): void {
    const { space } = this;
    const untracked = BigInt(ctstates.UNTRACKED);
    const isUntracked = space.ct.state("UNTRACKED");
    const isInvalid = space.ct.state("INVALID");
    const exempt = this.exemptFromTracking();
    this.states = mergeStates(
      space,
      this.states.map(({ set, view }) => {
        const taken = space.constantOf(fields.ctstate, view) === untracked;
        // what is exempt is INVALID where its checksum is wrong
        const fits = taken
          ? isUntracked
          : space.bdd.choose(exempt, space.or(isUntracked, isInvalid), space.not(isUntracked));
        return { set: space.and(set, fits), view: withoutTemplate(view) };
      }),
    );
  }

  /** Neighbour discovery and multicast listeners' messages (nf_conntrack_icmpv6_error). */
  private exemptFromTracking(): PacketSet {
    const { space } = this;
    if (space.family === "ipv4") return 0;
    const isIcmp = inRanges(space.bdd, space.vector(fields.protocol), [[58, 58]]);
    const kinds = inRanges(space.bdd, space.vector(fields.icmpType), [
      [130, 136],
      [143, 143],
    ]);
    return space.and(isIcmp, kinds);
  }

  /** The nat table sees a connection's first packet; the others follow the connection. */
  private nat(hook: Hook): void {
    const { space } = this;
    const translated = space.or(space.ct.sourceNat, space.ct.destinationNat);
    // an expected connection may have been translated like its master before its first packet gets here
    const first = space.minus(space.ct.opens, translated);
    const { translates } = this.settings;
    const repeats = translates ? repeatedPackets(space, hook) : 0;
    const answered = space.minus(space.ct.tracked, space.ct.state("NEW"));
    const old = translates ? space.and(translated, answered) : 0;
    const asked: State[] = [];
    const repeated: State[] = [];
    const others: State[] = [];
    for (const state of this.states) {
      const { inside, outside } = split(space, state, first);
      asked.push(inside);
      const again = split(space, outside, repeats);
      if (again.inside.set !== 0) repeated.push(beforeNat(space, again.inside, hook));
      const follows = split(space, again.outside, old);
      others.push(follows.outside);
      if (follows.inside.set !== 0) others.push(followEarlierNat(space, follows.inside, hook));
    }
    this.walk.walkUnseen(mergeStates(space, repeated), { table: "nat", hook, path: this.path }, (exit) => {
      if (exit.end === "accept") others.push(translatedOnly(space, exit.state, hook));
    });
    this.states = mergeStates(space, [...this.table("nat", hook, mergeStates(space, asked)), ...others]);
  }

  /** Gives the packets that come through the table. */
  private table(table: TableExitTable, hook: Hook, states: readonly State[]): readonly State[] {
    const { space } = this;
    const through: State[] = [];
    const decided = new Map<string, { set: PacketSet; by: By }>();
    const seen = space.union(states.map(({ set }) => set));
    this.walk.walk(states, { table, hook, path: this.path }, ({ end, state, by }: TableExit) => {
      if (end === "leave") return;
      if (end !== "accept") {
        this.regions.add({ set: state.set, view: state.view, outcome: outcomes[end], by, hook });
        return;
      }
      through.push(state);
      const key = "number" in by ? `${by.chain}:${by.number}` : "policy";
      const before = decided.get(key);
      decided.set(key, { set: space.or(before?.set ?? 0, state.set), by });
    });
    if (!this.walk.chain(table, hook)) return states;
    this.decide(
      [...decided.values()].map((one) => ({ ...one, hook })),
      seen,
      table === "filter",
    );
    return mergeStates(space, through);
  }

  /** The filter table is the one that people mean: its word stays (Journey.decide). */
  private decide(decided: readonly Decided[], seen: PacketSet, isFilter: boolean): void {
    if (this.filterSpoke && !isFilter) return;
    const { space } = this;
    this.filterSpoke ||= isFilter;
    const before = this.decided
      .map((one) => ({ ...one, set: space.minus(one.set, seen) }))
      .filter(({ set }) => set !== 0);
    this.decided = [...before, ...decided];
  }

  /** What comes to the path's end is accepted, by whoever spoke last. */
  private accept(hook: Hook): void {
    const { space } = this;
    const nobody: Decided = {
      set: 1,
      by: { table: "filter", chain: this.path, policy: "ACCEPT" },
      hook: this.path === "OUTPUT" ? hook : this.path,
    };
    const everybody = space.union(this.decided.map((one) => one.set));
    for (const { set, view } of this.states) {
      const undecided = { ...nobody, set: space.minus(set, everybody) };
      for (const { set: allowed, by, hook: at } of [...this.decided, undecided]) {
        this.regions.add({ set: space.and(set, allowed), view, outcome: "ACCEPT", by, hook: at });
      }
    }
  }
}

type TableExitTable = Exclude<Step, "conntrack" | "confirm">;

const outcomes: Readonly<Record<"drop" | "reject" | "queue", Outcome>> = {
  drop: "DROP",
  reject: "REJECT",
  queue: "QUEUE",
};
