import type { FlowKeys } from "../host/host.ts";
import { findTransport } from "../packet/ipv6-extension-headers.ts";
import type { Packet } from "../packet/packet.ts";

/** Where a protocol's ports stand in its header (proto_ports_offset, net/core/utils.c): TCP, UDP, DCCP, ESP, SCTP, UDPLITE, and AH. */
const portsAt: ReadonlyMap<number, number> = new Map([
  [6, 0],
  [17, 0],
  [33, 0],
  [50, 0],
  [51, 4],
  [132, 0],
  [136, 0],
]);

/** What Linux dissects of a packet for policy rules (fib_rules_early_flow_dissect); read only where a rule asks. */
export class PacketFlow implements FlowKeys {
  private readonly packet: Packet;

  constructor(packet: Packet) {
    this.packet = packet;
  }

  get protocol(): number {
    return this.transport().protocol;
  }

  get sourcePort(): number {
    return this.portAt(0);
  }

  get destinationPort(): number {
    return this.portAt(2);
  }

  /** The dissector does not look behind an authentication header of IPv6. */
  private transport(): { readonly protocol: number; readonly offset: number } {
    const { packet } = this;
    if (packet.family === "ipv6") return findTransport(packet.bytes, true);
    return { protocol: packet.protocol, offset: packet.transportOffset };
  }

  /** 0 in pieces, and where the protocol has no ports. */
  private portAt(index: number): number {
    const { packet } = this;
    const { protocol, offset } = this.transport();
    const ports = portsAt.get(protocol);
    const at = offset + (ports ?? 0) + index;
    const hasPorts = ports !== undefined && packet.fragmentOffset === 0 && !packet.moreFragments;
    return hasPorts && at + 1 < packet.bytes.length ? (packet.bytes[at]! << 8) | packet.bytes[at + 1]! : 0;
  }
}

/** Of an ICMP error: type and code lie where ports do (flowi_uli). */
export const icmpFlow = (protocol: number, type: number, code: number): FlowKeys => ({
  protocol,
  sourcePort: 0,
  destinationPort: type * 256 + code,
});

/** A raw socket with IP_HDRINCL asks for a route before it has looked at its packet. */
export const rawFlow: FlowKeys = { protocol: 255, sourcePort: 0, destinationPort: 0 };
