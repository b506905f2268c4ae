import type { Journey } from "./journey.ts";

const setting = "drop_unicast_in_l2_multicast";

/**
 * Whether the host drops a packet for one host that came in a frame to many (RFC 1122, 3.3.6): IPv4 once the packet has a route, of
 * which broadcast and multicast are spared (ip_rcv_finish_core, net/ipv4/ip_input.c); IPv6 before the first hook, by the
 * interface's own setting alone (ip6_rcv_core, net/ipv6/ip6_input.c).
 */
export function dropsGroupFrame({ packet, environment: { host } }: Journey, device: string): boolean {
  if (packet.packetType !== "broadcast" && packet.packetType !== "multicast") return false;
  const name = device.replaceAll(".", "/");
  const isOn = (conf: string): boolean | undefined => {
    const value = host.sysctl(`net.${packet.family}.conf.${conf}.${setting}`);
    return value === undefined ? undefined : Number(value) !== 0;
  };
  const own = isOn(name) ?? isOn("default") ?? false;
  return packet.family === "ipv4" ? own || isOn("all") === true : own;
}

export const groupFrame = "a packet for one host in a frame to many (drop_unicast_in_l2_multicast)";
