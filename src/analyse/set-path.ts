import type { DeviceField } from "../formula/formula.ts";
import { type Step, stepsAtHook } from "../model/hooks.ts";
import { ctstates } from "../packet/connection.ts";
import type { Hook } from "../packet/context.ts";
import { type Field, fields } from "../packet/fields.ts";
import type { PathSettings } from "./analysis.ts";
import { exemptPackets } from "./domain.ts";
import { followEarlierNat } from "./nat-sets.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { hooksOfPath, type Path } from "./path.ts";
import { beforeNat, firstOrTranslated, repeatedPackets } from "./repeated-packets.ts";
import type { SetWalk } from "./set-walk.ts";
import { mergeStates, type State, split } from "./state.ts";
import type { TablePassage } from "./table-passage.ts";
import { withoutTemplate } from "./template-sets.ts";
import { constant, inRanges, subtractConstant } from "./vector.ts";
import { WalkedPath } from "./walked-path.ts";

/** Takes packets of one path through the hooks' tables in their order. */
export class SetPath {
  private readonly space: PacketSpace;
  private readonly walk: SetWalk;
  private readonly settings: PathSettings;
  private readonly path: Path;
  private readonly passages: TablePassage[] = [];
  private readonly few: boolean;
  /** What goes on, made when it is asked for: of what comes to a path's end, often nobody asks. */
  private goingOn: () => readonly State[];

  /** All packets of the path, or only those of `within`. */
  constructor(space: PacketSpace, walk: SetWalk, settings: PathSettings, path: Path, within?: PacketSet) {
    this.space = space;
    this.walk = walk;
    this.settings = settings;
    this.path = path;
    this.few = within !== undefined;
    const entering = { set: space.and(this.enteringSet(), within ?? 1), view: space.entering };
    this.goingOn = () => [entering];
  }

  private get states(): readonly State[] {
    return this.goingOn();
  }

  private set states(states: readonly State[]) {
    this.goingOn = () => states;
  }

  private later(make: () => readonly State[]): void {
    let made: readonly State[] | undefined;
    this.goingOn = () => {
      made ??= make();
      return made;
    };
  }

  /** With conntrack on, fragments are put together before the first hook (nf_defrag). */
  private enteringSet(): PacketSet {
    const { space } = this;
    const domain = space.domain(this.path);
    if (!this.settings.tracks) return domain;
    const whole = inRanges(space.bdd, space.vector(fields.fragmentOffset), [[0, 0]]);
    return space.and(domain, whole);
  }

  run(): WalkedPath {
    const hooks = hooksOfPath[this.path];
    for (const hook of hooks) {
      if (hook === "FORWARD") {
        this.dropSocketPackets();
        this.decreaseTtl();
      }
      this.atHook(hook);
      for (const step of stepsAtHook[this.settings.backend][hook]) this.step(step, hook);
    }
    return new WalkedPath(this.space, this.path, this.passages, this.goingOn);
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

  /** ip_forward: packets that belong to a socket of the host are not forwarded. */
  private dropSocketPackets(): void {
    const { space } = this;
    const given = space.union(this.passages.map(({ toSockets }) => toSockets));
    this.states = this.states.map(({ set, view }) => ({ view, set: space.minus(set, given) }));
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
        if (this.walk.chain(step, hook)) this.later(this.table(step, hook, this.states));
    }
  }

  /** The state is what the packet's variables say; UNTRACKED are those that raw exempted, and no others. */
  private track(): void {
    const { space } = this;
    const untracked = BigInt(ctstates.UNTRACKED);
    const isUntracked = space.ct.state("UNTRACKED");
    const isInvalid = space.ct.state("INVALID");
    const exempt = exemptPackets(space);
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

  /** The nat table sees a connection's first packet; the others follow the connection. */
  private nat(hook: Hook): void {
    const { space } = this;
    const translated = space.or(space.ct.sourceNat, space.ct.destinationNat);
    const first = space.minus(space.ct.opens, space.ct.bound);
    const { translates } = this.settings;
    const repeats = translates ? repeatedPackets(space, hook) : 0;
    const answered = space.minus(space.ct.tracked, space.ct.state("NEW"));
    const old = translates ? space.and(translated, answered) : 0;
    const asked: State[] = [];
    const others: State[] = [];
    const steady = this.settings.natIsSteady;
    for (const state of this.states) {
      const opening = split(space, state, steady ? space.or(first, repeats) : first);
      if (steady && repeats !== 0) asked.push(beforeNat(space, opening.inside, hook, "first"));
      else asked.push(opening.inside);
      const again = split(space, opening.outside, repeats);
      if (again.inside.set !== 0) asked.push(beforeNat(space, again.inside, hook, "like the first"));
      const follows = split(space, again.outside, old);
      others.push(follows.outside);
      if (follows.inside.set !== 0) others.push(followEarlierNat(space, follows.inside, hook));
    }
    const through = this.table("nat", hook, mergeStates(space, asked), first);
    this.later(() => {
      // of connections that were translated before, only what the table translates can be one's packet
      const on = through().map((state) => firstOrTranslated(space, state, first, hook));
      return mergeStates(space, [...on, ...others]);
    });
  }

  /** Gives the packets that come through the table; of others than `counted` it is asked what would become of them. */
  private table(
    table: WalkedTable,
    hook: Hook,
    states: readonly State[],
    counted: PacketSet = 1,
  ): () => readonly State[] {
    const passage = this.walk.walk(states, { table, hook, path: this.path, few: this.few }, counted);
    if (!passage) return () => states;
    this.passages.push(passage);
    return () => passage.through;
  }
}

type WalkedTable = Exclude<Step, "conntrack" | "confirm">;
