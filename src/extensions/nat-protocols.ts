import type { Problem, Site } from "./extension.ts";
import { missing } from "./problem.ts";

/** ICMP, TCP, UDP, DCCP, SCTP: protocols with ports or ids that NAT can change (libxt_NAT.c). */
const withPorts: readonly number[] = [1, 6, 17, 33, 132];

/** What iptables says of ports without a protocol that has them; it does not look at a `!` before the protocol. */
export function portsNeedProtocol(option: string, ports: unknown, { protocol }: Site): readonly Problem[] {
  if (ports === undefined || (protocol !== undefined && withPorts.includes(protocol.value))) return [];
  return [
    missing("Need TCP, UDP, SCTP or DCCP with port specification", {
      option,
      help: "add `-p tcp` or `-p udp`",
    }),
  ];
}
