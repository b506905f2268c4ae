import type { Journey } from "./journey.ts";

const setting = "drop_unicast_in_l2_multicast";

/**
 * Whether the packet ends here: one for a single host that came in a frame to many may be dropped (RFC 1122, 3.3.6). IPv4 asks once
 * the packet has a route, of which broadcast and multicast are spared (ip_rcv_finish_core, net/ipv4/ip_input.c); IPv6 before
 * the first hook, by the interface's own setting alone (ip6_rcv_core, net/ipv6/ip6_input.c).
 */
export function groupFrameEnds(journey: Journey, device: string): boolean {
  const { packetType } = journey.packet;
  if (packetType !== "broadcast" && packetType !== "multicast") return false;
  if (!dropsUnicast(journey, device)) return false;
  journey.drop(`a packet for one host in a frame to many (${setting})`);
  return true;
}

function dropsUnicast({ packet, environment: { host } }: Journey, device: string): boolean {
  const isOn = (conf: string): boolean | undefined => {
    const value = host.sysctl(`net.${packet.family}.conf.${conf}.${setting}`);
    return value === undefined ? undefined : Number(value) !== 0;
  };
  const own = isOn(device.replaceAll(".", "/")) ?? isOn("default") ?? false;
  return own || (packet.family === "ipv4" && isOn("all") === true);
}
