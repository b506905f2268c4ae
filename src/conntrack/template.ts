import type { Effect } from "../extensions/effect.ts";
import { type Connection, connectionStatus, type Tuple, type Zone } from "../packet/connection.ts";
import type { Packet } from "../packet/packet.ts";
import { zoneOf } from "./zone.ts";

type CtEffect = Extract<Effect, { kind: "ct" }>;

/**
 * What `-j CT` attaches to a packet: it stands for the packet's connection until conntrack has looked at the packet, and
 * says what a new one shall get (nf_ct_tmpl_alloc). Rules behind it in raw see a NEW connection.
 */
export class Template implements Connection {
  readonly original: Tuple;
  readonly reply: Tuple;
  /** The kernel calls it confirmed, since no packet brings it into the table (xt_ct_tg_check). */
  readonly status = connectionStatus.confirmed;
  readonly isTemplate = true;
  mark = 0;
  readonly expires = 0;
  readonly master = undefined;
  readonly helper: string | undefined;
  private readonly effect: CtEffect;

  constructor(effect: CtEffect, family: Packet["family"]) {
    this.effect = effect;
    this.helper = effect.helper;
    const nowhere = family === "ipv4" ? 0 : 0n;
    this.original = {
      source: nowhere,
      destination: nowhere,
      protocol: 0,
      sourcePort: 0,
      destinationPort: 0,
      icmpType: 0,
      icmpCode: 0,
      zone: 0,
    };
    this.reply = this.original;
  }

  /** As rules in raw see it: the default one where it is to come from the packet's mark. */
  get zone(): Zone {
    return zoneOf(this.effect.zone ?? 0, this.effect.zoneDirection);
  }

  /** The zone of a packet with this mark (nf_ct_zone_tmpl). */
  zoneFor(mark: number): Zone {
    const { zone = 0, zoneFromMark, zoneDirection } = this.effect;
    return zoneOf(zoneFromMark ? mark & 0xffff : zone, zoneDirection);
  }
}

/** `-j CT` (xt_CT.c): a packet that has something attached already keeps that. */
export function attachTemplate(packet: Packet, effect: CtEffect): void {
  if (packet.tracking && packet.tracking.kind !== "invalid") return;
  packet.tracking = {
    kind: "tracked",
    connection: new Template(effect, packet.family),
    direction: "original",
    state: "NEW",
    reason: "a rule says what its connection shall get",
  };
}

/** The template that a packet carries. */
export function templateOf({ tracking }: Packet): Template | undefined {
  return tracking?.kind === "tracked" && tracking.connection instanceof Template
    ? tracking.connection
    : undefined;
}
