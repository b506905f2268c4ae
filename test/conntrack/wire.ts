import type { Conntrack, NatManip } from "../../src/conntrack/conntrack.ts";
import { createConntrack } from "../../src/conntrack/create-conntrack.ts";
import { attachTemplate } from "../../src/conntrack/template.ts";
import type { NatRange } from "../../src/extensions/effect.ts";
import { type Address, parseAddress } from "../../src/packet/address.ts";
import { buildIpv4 } from "../../src/packet/build.ts";
import { setTransportChecksum } from "../../src/packet/checksum.ts";
import type { Hook } from "../../src/packet/context.ts";
import { Packet } from "../../src/packet/packet.ts";

/** Packets and a router's path for tests of connection tracking alone. */

export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`no address: ${text}`);
  return parsed;
}

export function ipv4(source: string, destination: string, protocol: number, payload: Uint8Array): Packet {
  const bytes = buildIpv4({
    source: Number(address(source)),
    destination: Number(address(destination)),
    protocol,
    payload,
  });
  setTransportChecksum(bytes);
  return new Packet(bytes);
}

const flagBits = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32 } as const;

export interface Segment {
  /** Letters of F S R P A U. */
  readonly flags: string;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly window?: number;
  /** What it carries, or how many bytes of nothing. */
  readonly data?: number | string;
}

export function tcp(from: string, to: string, segment: Segment): Packet {
  const [source = "", sourcePort] = from.split(":");
  const [destination = "", destinationPort] = to.split(":");
  const { data = 0 } = segment;
  const payload = new Uint8Array(20 + (typeof data === "string" ? data.length : data));
  if (typeof data === "string") payload.set(new TextEncoder().encode(data), 20);
  const view = new DataView(payload.buffer);
  view.setUint16(0, Number(sourcePort));
  view.setUint16(2, Number(destinationPort));
  view.setUint32(4, segment.sequence ?? 0);
  view.setUint32(8, segment.acknowledgement ?? 0);
  payload[12] = 5 << 4;
  for (const [letter, bit] of Object.entries(flagBits))
    if (segment.flags.includes(letter)) payload[13]! |= bit;
  view.setUint16(14, segment.window ?? 1000);
  return ipv4(source, destination, 6, payload);
}

export function udp(from: string, to: string): Packet {
  const [source = "", sourcePort] = from.split(":");
  const [destination = "", destinationPort] = to.split(":");
  const payload = new Uint8Array(12);
  const view = new DataView(payload.buffer);
  view.setUint16(0, Number(sourcePort));
  view.setUint16(2, Number(destinationPort));
  view.setUint16(4, 12);
  return ipv4(source, destination, 17, payload);
}

export function icmp(
  source: string,
  destination: string,
  type: number,
  id: number,
  data = new Uint8Array(0),
): Packet {
  const payload = new Uint8Array(8 + data.length);
  payload[0] = type;
  new DataView(payload.buffer).setUint16(4, id);
  payload.set(data, 8);
  return ipv4(source, destination, 1, payload);
}

export interface Mapping {
  readonly manip: NatManip;
  readonly range: NatRange;
}

/** Conntrack with a clock in the test's hand and a path through a router that lets every packet through. */
export class Router {
  now = 1_800_000_000;
  /** What `random` gives next; it stays where nothing is left. */
  draws: number[] = [0];
  readonly conntrack: Conntrack;
  readonly assumed: string[] = [];

  constructor(sysctls: Readonly<Record<string, string>> = {}) {
    this.conntrack = createConntrack({
      now: () => this.now,
      sysctl: (name) => sysctls[name.replace("net.netfilter.nf_conntrack_", "")],
      assume: (text) => this.assumed.push(text),
      random: () => (this.draws.length > 1 ? this.draws.shift()! : this.draws[0]!),
    });
  }

  /** Forwards the packet, which `ct` marked in raw; gives its state, or "DROP". */
  forward(packet: Packet, mapping?: Mapping, ct?: Parameters<typeof attachTemplate>[1]): string {
    if (ct) attachTemplate(packet, ct);
    if (this.conntrack.track(packet, "PREROUTING") === "DROP") return "DROP";
    const { tracking } = packet;
    const state = tracking?.kind === "tracked" ? tracking.state : (tracking?.kind.toUpperCase() ?? "");
    if (!this.nat(packet, "PREROUTING", "destination", mapping)) return "DROP";
    if (!this.nat(packet, "POSTROUTING", "source", mapping)) return "DROP";
    if (this.conntrack.help(packet) !== undefined) return "DROP";
    return this.conntrack.confirm(packet) === "DROP" ? "DROP" : state;
  }

  private nat(packet: Packet, hook: Hook, manip: NatManip, mapping: Mapping | undefined): boolean {
    if (packet.tracking?.kind !== "tracked") return true;
    const range = mapping?.manip === manip ? mapping.range : {};
    if (this.conntrack.needsNat(packet, manip)) this.conntrack.bindNat(packet, manip, range);
    return this.conntrack.translate(packet, hook) === "ACCEPT";
  }

  /** The table without the addresses: what a test looks at first. */
  get states(): string[] {
    return this.conntrack
      .list()
      .map((line) => line.replace(/ (src|dst|sport|dport|mark|type|code|id)=\S+/g, ""));
  }
}

export const reasonOf = (packet: Packet): string => {
  const { tracking } = packet;
  return tracking && "reason" in tracking ? tracking.reason : "";
};
