import type { Journey } from "./journey.ts";

/** The mark of an error or a reset about the journey's packet: its own where net.ipv4.fwmark_reflect (or ipv6) says so, else 0. */
export function replyMark({ packet, environment: { host } }: Journey): number {
  return host.sysctl(`net.${packet.family}.fwmark_reflect`) === "1" ? packet.mark : 0;
}
