import type { Effect } from "../extensions/effect.ts";
import { prefixMask } from "../packet/address.ts";
import { fields } from "../packet/fields.ts";
import { clearAndXor } from "./mangle-sets.ts";
import type { PacketSpace } from "./packet-space.ts";
import type { State } from "./state.ts";
import { bitsOf } from "./vector.ts";

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

const echo = 0x40;
const reduced = 0x80;
const segmentSize = 2;

export function changeTcpEcn(space: PacketSpace, state: State, effect: Of<"tcp-ecn">): State {
  const clear = (effect.echo === undefined ? 0 : echo) | (effect.reduced === undefined ? 0 : reduced);
  const set = (effect.echo ? echo : 0) | (effect.reduced ? reduced : 0);
  const flags = clearAndXor(space, space.vector(fields.tcpFlags, state.view), clear, set);
  return { ...state, view: state.view.with(fields.tcpFlags, flags) };
}

/** Of all options, sets see the segment size only. */
export function stripTcpOptions(space: PacketSpace, state: State, effect: Of<"strip-tcp-options">): State {
  if (!effect.options.includes(segmentSize)) return state;
  const unknown = space.unknownVector(fields.tcpMss.bits, "the segment size behind TCPOPTSTRIP");
  return { ...state, view: state.view.with(fields.tcpMss, unknown) };
}

/** Which word takes up the difference depends on the address: no bit of the words that may is known. */
export function translatePrefix(space: PacketSpace, state: State, effect: Of<"translate-prefix">): State {
  const field = effect.end === "source" ? fields.source6 : fields.destination6;
  const name = "the word that keeps the address's sum";
  const prefix = bitsOf(effect.to, field.bits);
  const inPrefix = bitsOf(prefixMask("ipv6", effect.length), field.bits);
  const from = effect.length <= 48 ? 48 : 64;
  const to = effect.length <= 48 ? 64 : 128;
  const unknown = space.unknownVector(to - from, name);
  const address = space
    .vector(field, state.view)
    .map((bit, at) =>
      at >= from && at < to ? unknown[at - from]! : inPrefix[at] ? Number(prefix[at]) : bit,
    );
  return { ...state, view: state.view.with(field, address) };
}

export function hashMark(space: PacketSpace, state: State): State {
  const unknown = space.unknownVector(fields.mark.bits, "the mark that HMARK gives");
  return { ...state, view: state.view.with(fields.mark, unknown) };
}
