import type { Effect, NatRange } from "../extensions/effect.ts";
import type { Formula, Range } from "../formula/formula.ts";
import { type Address, parseAddress } from "../packet/address.ts";
import { ctstates } from "../packet/connection.ts";
import type { Hook } from "../packet/context.ts";
import { destinationField, type Field, fields, sourceField } from "../packet/fields.ts";
import { portProtocols } from "./ct-variables.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import { sharedUnknown } from "./shared-unknowns.ts";
import { type State, split } from "./state.ts";
import { bitsOf, chooseVector, constant, inRanges, type Vector } from "./vector.ts";
import type { View } from "./view.ts";

export type Manip = "source" | "destination";
type NatEffect = Extract<Effect, { kind: "nat" | "masquerade" | "redirect" | "netmap" }>;

/** Source NAT happens where a packet leaves the rules for the wire or for a local socket (HOOK2MANIP). */
export const manipAt = (hook: Hook): Manip =>
  hook === "POSTROUTING" || hook === "INPUT" ? "source" : "destination";

const fieldsOf = (space: PacketSpace, manip: Manip): readonly [address: Field, port: Field] =>
  manip === "source"
    ? [sourceField(space.family), fields.sourcePort]
    : [destinationField(space.family), fields.destinationPort];

/** Where the connection's reply tuple has what NAT makes of one end: the other side answers the new source. */
function replyField(end: Field): Field {
  switch (end) {
    case fields.sourcePort:
      return fields.ctReplyDestinationPort;
    case fields.destinationPort:
      return fields.ctReplySourcePort;
    case fields.source4:
      return fields.ctReplyDestination;
    case fields.source6:
      return fields.ctReplyDestination6;
    case fields.destination4:
      return fields.ctReplySource;
    default:
      return fields.ctReplySource6;
  }
}

/** What NAT makes of the packets of a state. Where it may choose, or asks the host, nobody knows the result. */
export function translateState(
  space: PacketSpace,
  state: State,
  effect: NatEffect,
  hook: Hook,
): readonly State[] {
  const manip = effect.kind === "nat" ? effect.manip : manipAt(hook);
  const [field] = fieldsOf(space, manip);
  const { bits } = field;
  switch (effect.kind) {
    case "nat":
      return rewrite(space, state, manip, addressesOf(space, state, field, effect.range), effect.range);
    case "masquerade": {
      // a packet that has no source yet is let through as it is (nf_nat_masquerade.c)
      const unset = inRanges(space.bdd, space.vector(field, state.view), [[0, 0]]);
      const { inside, outside } = split(space, state, space.family === "ipv4" ? unset : 0);
      const own = sharedUnknown(space, bits, "the address that MASQUERADE gives", state.view);
      return [inside, ...rewrite(space, outside, manip, own, effect.range)];
    }
    case "redirect": {
      const loopback: Address | undefined = parseAddress(space.family === "ipv4" ? "127.0.0.1" : "::1");
      const own =
        hook === "OUTPUT" && loopback !== undefined
          ? constant(loopback, bits)
          : sharedUnknown(space, bits, "the address that REDIRECT gives", state.view);
      return rewrite(space, state, manip, own, effect.range);
    }
    case "netmap": {
      const inNetwork = bitsOf(effect.mask, bits);
      const network = bitsOf(effect.network, bits);
      const old = space.vector(field, state.view);
      const mapped = old.map((bit, at) => (inNetwork[at] ? Number(network[at]) : bit));
      return rewrite(space, state, manip, mapped, {});
    }
  }
}

/** Rule sets of clusters have tens of thousands of addresses, each of which many views come to have. */
const knownConstants = new WeakMap<NatRange, Vector>();

/** `undefined` where the range leaves the address as it is. */
function addressesOf(space: PacketSpace, state: State, field: Field, range: NatRange): Vector | undefined {
  const { addresses } = range;
  if (!addresses) return undefined;
  if (addresses[0] === addresses[1]) {
    const only = knownConstants.get(range) ?? constant(addresses[0], field.bits);
    knownConstants.set(range, only);
    return only;
  }
  const what = `the ${field.name} that NAT chooses`;
  const chosen = sharedUnknown(space, field.bits, what, state.view, rangeKey(range));
  return within(space, chosen, addresses);
}

/** A number that nobody knows but that lies in the range: what would not, is its lowest one. */
function within(space: PacketSpace, unknown: Vector, range: Range): Vector {
  const isWithin = inRanges(space.bdd, unknown, [range]);
  const lowest = bitsOf(range[0], unknown.length);
  return unknown.map((bit, at) => space.bdd.choose(isWithin, bit, Number(lowest[at])));
}

/** Equal where NAT chooses alike. */
const rangeKey = (range: NatRange): string =>
  JSON.stringify(range, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));

/** Whether it gives a new port to packets whose own one would do. */
const drawsAnew = ({ random, randomFully }: NatRange): boolean => random === true || randomFully === true;

/** The ICMP packets whose id is drawn like a port, and comes out another one: words and rules do not see it, the state does. */
function otherIds(space: PacketSpace, view: View, manip: Manip, range: NatRange): PacketSet {
  if (!drawsAnew(range)) return 0;
  const icmp = space.family === "ipv4" ? 1 : 58;
  const isIcmp = inRanges(space.bdd, space.vector(fields.protocol, view), [[icmp, icmp]]);
  const what = `whether ${manip} NAT changes the ICMP id`;
  return space.and(isIcmp, ...sharedUnknown(space, 1, what, view, rangeKey(range)));
}

/** Source ports and where NAT draws another one for them where no range is told (nf_nat_l4proto_unique_tuple). */
const drawnFor: readonly { readonly own: Range; readonly from: Range }[] = [
  { own: [0, 511], from: [1, 511] },
  { own: [512, 1023], from: [600, 1023] },
  { own: [1024, 65535], from: [1024, 65535] },
];

/** The port of a range: the only one, the packet's own where it lies within, else one of them that nobody knows. */
function portsOf(space: PacketSpace, state: State, field: Field, range: NatRange): Vector | undefined {
  const { ports } = range;
  const isRandom = drawsAnew(range);
  const own = space.vector(field, state.view);
  const ownIn = (bounds: Range) => inRanges(space.bdd, own, [bounds]);
  const unknown = () =>
    sharedUnknown(space, 16, `the ${field.name} that NAT draws`, state.view, rangeKey(range));
  if (!ports) {
    // a destination keeps its port
    if (!isRandom || field === fields.destinationPort) return undefined;
    return drawnFor
      .map((one) => ({ isOwn: ownIn(one.own), drawn: within(space, unknown(), one.from) }))
      .reduce<Vector>((rest, { isOwn, drawn }) => chooseVector(space.bdd, isOwn, drawn, rest), own);
  }
  const [low, high] = ports;
  if (low === high) return constant(low, 16);
  const drawn = within(space, unknown(), [Math.min(low, high), Math.max(low, high)]);
  if (range.basePort !== undefined || isRandom) return drawn;
  return chooseVector(space.bdd, ownIn(ports), own, drawn);
}

function rewrite(
  space: PacketSpace,
  state: State,
  manip: Manip,
  address: Vector | undefined,
  range: NatRange,
): readonly State[] {
  const [field, portField] = fieldsOf(space, manip);
  const withPorts = space.set(hasPorts, state.view);
  const { inside, outside } = split(space, state, withPorts);
  const moved = (part: State, changes: readonly (readonly [Field, Vector | undefined])[]): State => {
    if (part.set === 0) return part;
    let { view } = part;
    let differs = otherIds(space, view, manip, range);
    for (const [changed, vector] of changes) {
      if (!vector) continue;
      const old = space.vector(changed, part.view);
      if (isOther(space, part.set, vector, old)) differs = 1;
      else if (differs !== 1) differs = space.or(differs, difference(space, changed, vector, old, part.view));
      view = view.with(changed, vector).with(replyField(changed), vector);
    }
    return { ...part, view: view.with(fields.ctstate, translated(space, part, manip, differs)) };
  };
  const port = portsOf(space, state, portField, range);
  const results = port
    ? [
        moved(inside, [
          [field, address],
          [portField, port],
        ]),
        moved(outside, [[field, address]]),
      ]
    : [moved(state, [[field, address]])];
  return results.filter(({ set }) => set !== 0);
}

const hasPorts: Formula = { kind: "in", field: fields.protocol, ranges: portProtocols };

/** Whether the vector is one value, and none of these packets had it before. */
function isOther(space: PacketSpace, set: PacketSet, vector: Vector, old: Vector): boolean {
  if (vector.some((bit) => bit > 1)) return false;
  let same = 1;
  for (let at = vector.length - 1; at >= 0; at--) {
    const bit = old[at]!;
    same = vector[at] === 1 ? space.bdd.choose(bit, same, 0) : space.bdd.choose(bit, 0, same);
  }
  return space.disjoint(set, same);
}

/**
 * The packets that a rewrite changes. Bits that nobody knows are not compared with the old ones one by one, for such a
 * set has no small diagram: one free variable says whether they differ.
 */
function difference(space: PacketSpace, field: Field, vector: Vector, old: Vector, view: View): number {
  let differs = 0;
  let unknown = false;
  for (let at = vector.length - 1; at >= 0; at--) {
    const bit = vector[at]!;
    if (bit > 1 && bit !== old[at]) unknown = true;
    else differs = space.or(differs, space.bdd.xor(bit, old[at]!));
  }
  if (!unknown) return differs;
  const what = `whether NAT changes the ${field.name}`;
  return space.or(differs, ...sharedUnknown(space, 1, what, view, vector.join(",")));
}

/** The connection's state is SNAT or DNAT from here on, if its tuple changed (nf_nat_setup_info). */
function translated(space: PacketSpace, { view, set }: State, manip: Manip, differs: number): Vector {
  // of a connection's repeated packet the other end may be translated already, which its rules were not to see
  const vector = [...space.vector(fields.ctstate, view.asSeen())];
  const at = vector.length - 1 - Math.log2(manip === "source" ? ctstates.SNAT : ctstates.DNAT);
  // packets outside of the set do not count: the plainer of the two is taken
  const before = space.vector(fields.ctstate, view)[at]!;
  vector[at] = space.implies(set, differs) ? 1 : space.or(before, differs);
  return vector;
}

/** Packets of connections that were translated before: where to, the connection knows. */
export function followEarlierNat(space: PacketSpace, state: State, hook: Hook): State {
  let { view } = state;
  for (const field of fieldsOf(space, manipAt(hook))) {
    const vector = sharedUnknown(
      space,
      field.bits,
      `the ${field.name} that the connection's NAT gives`,
      undefined,
    );
    view = view.with(field, vector);
  }
  return { ...state, view };
}
