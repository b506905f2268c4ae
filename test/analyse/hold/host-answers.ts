import type { FreeVariable } from "../../../src/analyse/free-variables.ts";
import type { PacketSet, PacketSpace } from "../../../src/analyse/packet-space.ts";
import { bitsOf } from "../../../src/analyse/vector.ts";
import type { Trace } from "../../../src/evaluate/trace.ts";
import { type Address, parseAddress } from "../../../src/packet/address.ts";
import { destinationField, type Field, fields, sourceField } from "../../../src/packet/fields.ts";
import { Packet } from "../../../src/packet/packet.ts";
import { ownAddress } from "./small-world.ts";
import type { Snapshot } from "./snapshot.ts";

/** A packet whose unknowns are asked. */
export interface Asked {
  readonly trace: Trace;
  readonly entering: Snapshot;
  readonly inDevice: string | undefined;
  /** Where it leaves, or would. */
  readonly outDevice: string;
}

/**
 * What sets leave to the host and to a connection's history, for one packet: the address that MASQUERADE and REDIRECT give is
 * the small host's, where the connection's NAT leads is what the machine did. The rest stays open.
 */
export function hostAnswers(space: PacketSpace, packet: Asked): PacketSet {
  const parts = numbersOf(space).flatMap(({ name, levels }) => {
    const value = answer(space, name, packet);
    if (value === undefined) return [];
    return bitsOf(value, levels.length).map((bit, at) => {
      const variable = space.bdd.variable(levels[at]!);
      return bit ? variable : space.not(variable);
    });
  });
  // from the last variable up: each one puts a node on top
  return space.and(...parts.reverse());
}

function answer(
  space: PacketSpace,
  name: string,
  { trace, entering, inDevice, outDevice }: Asked,
): Address | undefined {
  const { family } = space;
  const own = (device: string) => parseAddress(ownAddress(device, family) ?? "");
  if (name === "the address that MASQUERADE gives") return own(outDevice);
  if (name === "the address that REDIRECT gives") return inDevice === undefined ? undefined : own(inDevice);
  if (/^whether \w+ NAT changes the ICMP id$/.test(name)) return Number(changesId(trace));
  for (const field of natFields(space)) {
    const before = Math.max(0, Number(entering.get(field) ?? 0)) === 0 ? 0 : (entering.get(field) ?? 0);
    const after = translated(trace, field) ?? before;
    const whereTo = ["that the connection's NAT gives", "that NAT draws", "that NAT chooses"];
    if (whereTo.some((what) => name === `the ${field.name} ${what}`)) return after;
    if (name === `whether NAT changes the ${field.name}`) return Number(after !== before);
  }
  return undefined;
}

const natFields = ({ family }: PacketSpace): readonly Field[] => [
  sourceField(family),
  destinationField(family),
  fields.sourcePort,
  fields.destinationPort,
];

/** What NAT made of a field of the packet itself; `undefined` where it did nothing. */
function translated({ events }: Trace, field: Field): Address | undefined {
  const isSource = field === fields.sourcePort || field === fields.source4 || field === fields.source6;
  const manip = isSource ? "source" : "destination";
  const event = events.findLast((one) => one.kind === "nat" && one.manip === manip);
  if (event?.kind !== "nat") return undefined;
  const packet = new Packet(event.after);
  if (field === fields.sourcePort || field === fields.destinationPort) {
    if (![6, 17].includes(packet.protocol)) return undefined;
    return packet.transportWord(isSource ? 0 : 2);
  }
  return packet[manip];
}

/** Whether NAT gave an ICMP request another id. Of a connection's later packets either end's NAT does so at once. */
function changesId({ events }: Trace): boolean {
  const first = events.find((one) => one.kind === "nat");
  const last = events.findLast((one) => one.kind === "nat");
  if (first?.kind !== "nat" || last?.kind !== "nat") return false;
  const idOf = (bytes: Uint8Array) => new Packet(bytes).transportWord(4);
  return idOf(first.before) !== idOf(last.after);
}

interface UnknownNumber {
  readonly name: string;
  /** Its bits, highest first. */
  readonly levels: readonly number[];
}

/** The unknowns of a space as the numbers that they are bits of. */
function numbersOf(space: PacketSpace): readonly UnknownNumber[] {
  const numbers: { name: string; levels: number[] }[] = [];
  for (const { name, level, kind } of space.unknowns) {
    if (kind !== "rewrite") continue;
    const last = numbers.at(-1);
    if (
      last?.name === name &&
      last.levels.at(-1) === level - 1 &&
      last.levels.length < widthOf(space, name)
    ) {
      last.levels.push(level);
    } else numbers.push({ name, levels: [level] });
  }
  return numbers;
}

function widthOf(space: PacketSpace, name: FreeVariable["name"]): number {
  if (name.startsWith("whether")) return 1;
  return natFields(space).find((field) => name.includes(field.name))?.bits ?? sourceField(space.family).bits;
}
