import type { Route } from "../host/host.ts";
import { printAddress } from "../packet/address.ts";
import type { Journey } from "./journey.ts";

interface IcmpMessage {
  readonly type: number;
  readonly code: number;
}

/** Milliseconds between errors to one peer, where the host does not say. */
const defaultPeriod = 1000;

/** net.ipv4.icmp_ratemask: destination unreachable, source quench, time exceeded, parameter problem. */
const defaultMask = 0x1818;

/**
 * Whether the host's limit lets it send an ICMP error about the journey's packet to its sender now. IPv6 gives wide
 * prefixes more than is counted here: there an error beyond the limit is sent, and that is told as assumed. The limits of all
 * errors together (net.ipv4.icmp_msgs_per_sec) are taken to be far away.
 */
export function allowsError(journey: Journey, error: IcmpMessage, back: Route): boolean {
  const { packet, environment } = journey;
  const { host, peers, world } = environment;
  // no limit on loopback
  if (back.kind === "local") return true;
  if (packet.family === "ipv4") {
    if (!isLimited4(journey, error)) return true;
    return peers.allowsError(packet.source, world.now, periodOf(host.sysctl("net.ipv4.icmp_ratelimit")));
  }
  const packetTooBig = 2;
  if (error.type === packetTooBig) return true;
  const setting = "net.ipv6.icmp.ratelimit";
  if (!peers.allowsError(packet.source, world.now, periodOf(host.sysctl(setting)))) {
    world.assume(
      `${setting} may allow no further error to ${printAddress(packet.source)}; it is taken to be sent`,
    );
  }
  return true;
}

/** In seconds. */
const periodOf = (setting: string | undefined): number => Number(setting ?? defaultPeriod) / 1000;

/** icmpv4_mask_allow (net/ipv4/icmp.c): "fragmentation needed" never is. */
function isLimited4({ environment: { host } }: Journey, { type, code }: IcmpMessage): boolean {
  const mask = Number(host.sysctl("net.ipv4.icmp_ratemask") ?? defaultMask);
  const isMtu = type === 3 && code === 4;
  return !isMtu && ((mask >> type) & 1) !== 0;
}
