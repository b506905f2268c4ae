import type { Family } from "../packet/address.ts";
import { connectionStatus, ctstates } from "../packet/connection.ts";
import { destinationField, type Field, fields, sourceField } from "../packet/fields.ts";
import type { Bdd } from "./bdd.ts";
import type { Layout } from "./layout.ts";
import { chooseVector, constant, inRanges, type Vector } from "./vector.ts";

/** What conntrack may say of a packet; one of them holds. The numbers are the code that three variables hold. */
export const stateCodes = { NEW: 0, ESTABLISHED: 1, RELATED: 2, INVALID: 3, UNTRACKED: 4 } as const;
export type StateName = keyof typeof stateCodes;

/** The sets of packets that conntrack's fields are made of, as conntrack finds the packets when they come in. */
export class CtVariables {
  private readonly bdd: Bdd;
  private readonly layout: Layout;
  private readonly family: Family;
  private readonly plain: (field: Field) => Vector;

  /** `plain` gives the variables of a field. */
  constructor(bdd: Bdd, layout: Layout, family: Family, plain: (field: Field) => Vector) {
    this.bdd = bdd;
    this.layout = layout;
    this.family = family;
    this.plain = plain;
  }

  /** The packets in this state. */
  state(name: StateName): number {
    const { ctstate } = this.layout;
    const vector = [0, 1, 2].map((bit) => this.bdd.variable(ctstate + bit));
    return inRanges(this.bdd, vector, [[stateCodes[name], stateCodes[name]]]);
  }

  private anyOf(...names: readonly StateName[]): number {
    return names.reduce((all, name) => this.bdd.or(all, this.state(name)), 0);
  }

  get tracked(): number {
    return this.anyOf("NEW", "ESTABLISHED", "RELATED");
  }

  get sourceNat(): number {
    return this.bdd.variable(this.layout.sourceNat);
  }

  get destinationNat(): number {
    return this.bdd.variable(this.layout.destinationNat);
  }

  /**
   * The packet is its connection's first. Later ones are NEW, too, as long as nobody has answered; a connection that a
   * helper expected opens with a RELATED packet, an ICMP error opens none.
   */
  get opens(): number {
    return this.bdd.variable(this.layout.opens);
  }

  /**
   * The packet opens an expected connection whose master was translated: it got its mapping at once, at both ends, whether or
   * not that changes it, and no nat table sees it (nf_nat_follow_master).
   */
  get bound(): number {
    return this.bdd.variable(this.layout.bound);
  }

  /** The first packet of a connection that nobody expected: there is no mark yet, and no NAT. */
  private get begins(): number {
    return this.bdd.and(this.state("NEW"), this.opens);
  }

  /** One of five states; only a connection that has been there before can have been translated. */
  get wellFormed(): number {
    const { bdd } = this;
    const one = this.anyOf("NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED");
    const icmp = this.family === "ipv4" ? 1 : 58;
    const isIcmp = inRanges(bdd, this.plain(fields.protocol), [[icmp, icmp]]);
    const mayOpen = bdd.or(this.state("NEW"), bdd.minus(this.state("RELATED"), isIcmp));
    const translated = bdd.or(this.sourceNat, this.destinationNat);
    const mayBeTranslated = bdd.minus(this.tracked, bdd.minus(this.opens, this.bound));
    const mayBeBound = bdd.and(this.opens, bdd.minus(this.state("RELATED"), isIcmp));
    const wrong = bdd.or(bdd.minus(this.opens, mayOpen), bdd.minus(this.bound, mayBeBound));
    return bdd.minus(one, bdd.or(wrong, bdd.minus(translated, mayBeTranslated)));
  }

  /** What one of conntrack's fields is made of; `undefined` for other fields. */
  vector(field: Field): Vector | undefined {
    const { bdd } = this;
    switch (field) {
      case fields.ctstate:
        return this.stateBits();
      case fields.ctstatus:
        return this.statusBits();
      case fields.ctmark: {
        // an expected connection inherits its master's mark, any other begins with 0
        const marked = bdd.minus(this.tracked, this.begins);
        return this.plain(field).map((bit) => bdd.and(bit, marked));
      }
      case fields.ctdirection:
        return this.plain(field).map((bit) => bdd.minus(bit, this.state("NEW")));
      case fields.ctprotocol: {
        const own = this.anyOf("NEW", "ESTABLISHED");
        return chooseVector(bdd, own, this.plain(fields.protocol), this.plain(field));
      }
      default:
        return this.tupleVector(field);
    }
  }

  private stateBits(): Vector {
    const width = fields.ctstate.bits;
    const bits = [...constant(0, width)];
    const set = (mask: number, packets: number) => {
      bits[width - 1 - Math.log2(mask)] = packets;
    };
    for (const name of Object.keys(stateCodes) as StateName[]) set(ctstates[name], this.state(name));
    set(ctstates.SNAT, this.bdd.and(this.tracked, this.sourceNat));
    set(ctstates.DNAT, this.bdd.and(this.tracked, this.destinationNat));
    return bits;
  }

  /** While a connection's packets are NEW, nobody has answered; its entry is in the table from the second packet on. */
  private statusBits(): Vector {
    const { bdd } = this;
    const answered = this.anyOf("ESTABLISHED", "RELATED");
    const known = bdd.minus(this.tracked, this.opens);
    const later = connectionStatus.seenReply | connectionStatus.assured;
    const width = fields.ctstatus.bits;
    return this.plain(fields.ctstatus).map((bit, at) => {
      const mask = 2 ** (width - 1 - at);
      if (mask === connectionStatus.sourceNat) return bdd.and(this.tracked, this.sourceNat);
      if (mask === connectionStatus.destinationNat) return bdd.and(this.tracked, this.destinationNat);
      if (mask === connectionStatus.confirmed) return known;
      return bdd.and(bit, later & mask ? answered : this.tracked);
    });
  }

  /** The tuple of the packet's own direction is what the packet has. */
  private tupleVector(field: Field): Vector | undefined {
    const { bdd, family } = this;
    const ends: readonly (readonly [Field, Field, "original" | "reply"])[] = [
      [fields.ctOriginalSource, sourceField(family), "original"],
      [fields.ctOriginalSource6, sourceField(family), "original"],
      [fields.ctOriginalDestination, destinationField(family), "original"],
      [fields.ctOriginalDestination6, destinationField(family), "original"],
      [fields.ctOriginalSourcePort, fields.sourcePort, "original"],
      [fields.ctOriginalDestinationPort, fields.destinationPort, "original"],
      [fields.ctReplySource, sourceField(family), "reply"],
      [fields.ctReplySource6, sourceField(family), "reply"],
      [fields.ctReplyDestination, destinationField(family), "reply"],
      [fields.ctReplyDestination6, destinationField(family), "reply"],
      [fields.ctReplySourcePort, fields.sourcePort, "reply"],
      [fields.ctReplyDestinationPort, fields.destinationPort, "reply"],
    ];
    const found = ends.find(([known]) => known === field);
    if (!found) return undefined;
    const [, own, direction] = found;
    if (own.bits !== field.bits) return this.plain(field);
    const reply = this.vector(fields.ctdirection)?.[0] ?? 0;
    const same = bdd.and(this.anyOf("NEW", "ESTABLISHED"), direction === "reply" ? reply : bdd.not(reply));
    const hasPorts = own.bits > 16 ? 1 : inRanges(bdd, this.plain(fields.protocol), portProtocols);
    const known = chooseVector(bdd, bdd.and(same, hasPorts), this.plain(own), this.plain(field));
    if (direction === "original") return known;
    // what NAT has not changed is answered from where it was sent to
    const untouched = bdd.minus(this.state("NEW"), bdd.or(this.sourceNat, this.destinationNat));
    return chooseVector(bdd, bdd.and(untouched, hasPorts), this.plain(oppositeOf(own, family)), known);
  }
}

const oppositeOf = (end: Field, family: Family): Field => {
  if (end === fields.sourcePort) return fields.destinationPort;
  if (end === fields.destinationPort) return fields.sourcePort;
  return end === sourceField(family) ? destinationField(family) : sourceField(family);
};

/** Protocols whose ports conntrack knows, and NAT changes: TCP, UDP, SCTP and UDP-Lite; DCCP's Linux 6.18 does not. */
export const portProtocols = [
  [6, 6],
  [17, 17],
  [132, 132],
  [136, 136],
] as const;
