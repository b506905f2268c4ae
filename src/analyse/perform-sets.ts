import type { Effect } from "../extensions/effect.ts";
import type { Hook } from "../packet/context.ts";
import { changeMark, changeTos, changeTtl, mapFromSet, moveMark } from "./mangle-sets.ts";
import { translateState } from "./nat-sets.ts";
import type { PacketSpace } from "./packet-space.ts";
import type { Path } from "./path.ts";
import type { State } from "./state.ts";
import { changeTcpEcn, hashMark, stripTcpOptions, translatePrefix } from "./target-sets.ts";
import { attachTemplate, exemptFromTracking } from "./template-sets.ts";

/**
 * Where packets go once a target's effects are done. `leave`: they are on the path no longer. `socket`: they are accepted, and
 * belong to a socket of the host from here on.
 */
export type EffectEnd = "continue" | "accept" | "socket" | "drop" | "reject" | "queue" | "leave";

export interface Performed {
  readonly end: EffectEnd;
  readonly states: readonly State[];
}

/** Whether an effect changes what later rules see. */
export function rewritesPackets(effects: readonly Effect[]): boolean {
  const unseen: readonly Effect["kind"][] = ["log", "nflog", "trace", "priority", "tcp-mss", "tee", "assume"];
  return effects.some(({ kind }) => !unseen.includes(kind));
}

/** What a matched rule's target does to a set of packets: the counterpart of perform.ts. */
export function performOnSet(
  space: PacketSpace,
  effects: readonly Effect[],
  state: State,
  site: { readonly hook: Hook; readonly path: Path },
): Performed {
  let states: readonly State[] = [state];
  for (const effect of effects) {
    const end = endOf(effect, site);
    if (end !== "continue" && end !== "accept" && end !== "socket") return { end, states };
    states = states.flatMap((one) => changed(space, effect, one, site.hook));
    if (end !== "continue") return { end, states };
  }
  return { end: "continue", states };
}

function endOf(effect: Effect, { hook, path }: { hook: Hook; path: Path }): EffectEnd {
  switch (effect.kind) {
    case "verdict":
      return effect.verdict === "ACCEPT" ? "accept" : effect.verdict === "QUEUE" ? "queue" : "drop";
    case "nat":
    case "masquerade":
    case "netmap":
      return "accept";
    case "redirect":
      // its new destination is the host itself, so that nothing is forwarded any more
      return path === "FORWARD" && hook === "PREROUTING" ? "leave" : "accept";
    case "reject":
      return "reject";
    case "tproxy":
      return "socket";
    case "synproxy":
      // what neither opens nor acknowledges goes on, but a proxied handshake has no such packet
      return "drop";
    case "nfqueue":
      return effect.bypass ? "accept" : "queue";
    default:
      return "continue";
  }
}

function changed(space: PacketSpace, effect: Effect, state: State, hook: Hook): readonly State[] {
  switch (effect.kind) {
    case "tcp-ecn":
      return [changeTcpEcn(space, state, effect)];
    case "strip-tcp-options":
      return [stripTcpOptions(space, state, effect)];
    case "translate-prefix":
      return [translatePrefix(space, state, effect)];
    case "hash-mark":
      return [hashMark(space, state)];
    case "mark":
    case "tproxy":
      return [changeMark(space, state, effect)];
    case "tos":
      return [changeTos(space, state, effect)];
    case "ttl":
      return [changeTtl(space, state, effect)];
    case "connmark":
      return moveMark(space, state, effect);
    case "notrack":
      return exemptFromTracking(space, state);
    case "ct":
      return attachTemplate(space, state);
    case "set":
      return mapFromSet(space, state, effect);
    case "nat":
    case "masquerade":
    case "redirect":
    case "netmap":
      return translateState(space, state, effect, hook);
    default:
      return [state];
  }
}
