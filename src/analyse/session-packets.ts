import { and, type Formula } from "../formula/formula.ts";
import { type Field, fields } from "../packet/fields.ts";
import type { PacketSet, PacketSpace } from "./packet-space.ts";
import type { PathSet } from "./policy.ts";
import type { WordedSet } from "./policy-words.ts";
import { inRanges } from "./vector.ts";

/** The packets that somebody's connection is made of. */
export interface Session {
  /** The first packets, and later ones of the same direction. */
  readonly there: readonly PathSet[];
  /** What the other side answers. */
  readonly back: readonly PathSet[];
}

const swapped = new Map<Field, Field>([
  [fields.source4, fields.destination4],
  [fields.source6, fields.destination6],
  [fields.sourcePort, fields.destinationPort],
]);
for (const [one, other] of [...swapped]) swapped.set(other, one);

/** The same about packets of the other direction: ends, ports and interfaces change places. */
export function reversed(formula: Formula): Formula {
  switch (formula.kind) {
    case "in":
    case "masked":
      return { ...formula, field: swapped.get(formula.field) ?? formula.field };
    case "device":
      return { ...formula, field: formula.field === "inDevice" ? "outDevice" : "inDevice" };
    case "and":
    case "or":
      return { ...formula, of: formula.of.map(reversed) };
    case "not":
    case "hotdrop":
      return { ...formula, of: reversed(formula.of) };
    default:
      return formula;
  }
}

const syn = 2;
const ack = 16;
const pushAck = 24;
const synAck = 18;

/**
 * What a session's packets are among the packets of words: whole ones without marks and NAT; of TCP a SYN that opens the
 * connection, and its ACKs. Words without `-o` are about a session with the host itself.
 */
export function sessionOf({ formula, paths }: WordedSet, space: PacketSpace): Session {
  const forwards = !paths.includes("INPUT");
  const thereSet = space.set(formula);
  const backSet = space.set(and(reversed(formula)));
  const opening = ordinary(space, "NEW", [syn]);
  const going = ordinary(space, "ESTABLISHED", [ack, pushAck]);
  const answers = ordinary(space, "ESTABLISHED", [synAck, ack, pushAck]);
  const [path, backPath] = forwards ? (["FORWARD", "FORWARD"] as const) : (["INPUT", "OUTPUT"] as const);
  const on = (way: typeof path | typeof backPath, ...sets: readonly PacketSet[]): PathSet => ({
    path: way,
    packets: space.and(space.domain(way), ...sets),
  });
  const fromClient = ephemeral(space, fields.sourcePort, thereSet);
  const toClient = ephemeral(space, fields.destinationPort, backSet);
  return {
    there: [on(path, fromClient, opening), on(path, fromClient, going)],
    back: [on(backPath, toClient, answers)],
  };
}

/** Clients take ports that need no privilege, unless the words say another one. */
function ephemeral(space: PacketSpace, field: Field, packets: PacketSet): PacketSet {
  const usual = space.and(packets, inRanges(space.bdd, space.vector(field), [[1024, 65535]]));
  return usual === 0 ? packets : usual;
}

function ordinary(space: PacketSpace, state: "NEW" | "ESTABLISHED", flags: readonly number[]): PacketSet {
  const { bdd, ct, layout } = space;
  const is = (field: Field, ...values: readonly number[]): PacketSet =>
    inRanges(
      bdd,
      space.vector(field),
      values.map((value) => [value, value] as const),
    );
  const isTcp = is(fields.protocol, 6);
  return space.and(
    ct.state(state),
    state === "NEW" ? ct.opens : 1,
    bdd.not(ct.sourceNat),
    bdd.not(ct.destinationNat),
    bdd.not(bdd.variable(layout.owned)),
    is(fields.fragmentOffset, 0),
    is(fields.packetType, 0),
    is(fields.mark, 0),
    // one that ends here is told of, not forwarded
    bdd.not(is(fields.ttl, 0, 1)),
    space.or(bdd.not(isTcp), is(fields.tcpFlags, ...flags)),
  );
}
