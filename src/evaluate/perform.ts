import { attachTemplate } from "../conntrack/template.ts";
import type { Effect, NatRange } from "../extensions/effect.ts";
import { type Address, parseAddress } from "../packet/address.ts";
import type { Context } from "../packet/context.ts";
import { hashMark } from "./hash-mark.ts";
import { changeSets } from "./ipset-effects.ts";
import type { Journey } from "./journey.ts";
import { logLine } from "./log/log-line.ts";
import { changeTos, changeTtl, limitMss, moveMark } from "./mangle.ts";
import { changeTcpEcn, stripTcpOptions } from "./mangle-tcp.ts";
import { reject } from "./reject.ts";
import { synproxy } from "./synproxy.ts";
import { tee } from "./tee.ts";
import { tproxy } from "./tproxy.ts";
import { translatePrefix } from "./translate-prefix.ts";
import type { EffectResult } from "./walk.ts";

/** Carries out what a matched rule's target does. */
export function perform(effects: readonly Effect[], journey: Journey): EffectResult {
  for (const effect of effects) {
    const result = performOne(effect, journey);
    if (result !== "continue") return result;
  }
  return "continue";
}

function performOne(effect: Effect, journey: Journey): EffectResult {
  const { context, packet, environment } = journey;
  switch (effect.kind) {
    case "verdict":
      return effect.verdict === "ACCEPT" ? "accept" : effect.verdict === "QUEUE" ? "queue" : "drop";
    case "mark": {
      const before = packet.mark;
      packet.mark = ((before & ~effect.clear) ^ effect.xor) >>> 0;
      if (packet.mark !== before) journey.note({ kind: "mark", before, after: packet.mark });
      return "continue";
    }
    case "log":
      if (journey.watched) journey.note({ kind: "log", line: logLine(effect, context) });
      return "continue";
    case "notrack":
      // xt_CT leaves a packet alone that has something attached already; an invalid packet has nothing
      if (journey.attachedToNothing || packet.tracking?.kind === "tracked") return "continue";
      packet.tracking = { kind: "untracked" };
      return "continue";
    case "ct":
      if (journey.attachedToNothing) return "continue";
      attachTemplate(packet, effect);
      if (effect.helper !== undefined && effect.helper !== "ftp") {
        environment.world.assume(
          `what the helper ${effect.helper} reads and expects is not modelled; its connection is tracked as others are`,
        );
      }
      if (effect.timeoutPolicy !== undefined) {
        environment.world.assume(
          `the time-outs of the policy ${effect.timeoutPolicy} are not known; the usual ones hold`,
        );
      }
      return "continue";
    case "nat":
      return bind(journey, effect.manip, effect.range);
    case "masquerade":
      return masquerade(journey, effect.range);
    case "redirect":
      return redirect(journey, effect.range);
    case "reject":
      reject(journey, effect.with);
      return "drop";
    case "nflog":
      // a copy for programs: the packet itself goes on as it is
      return "continue";
    case "trace":
      packet.traced = true;
      return "continue";
    case "priority":
      packet.priority = effect.value;
      return "continue";
    case "nfqueue":
      if (!effect.bypass) return "queue";
      environment.world.assume("no program listens to the queue: --queue-bypass lets the packet through");
      return "accept";
    case "connmark":
      moveMark(journey, effect);
      return "continue";
    case "tcp-mss":
      return limitMss(journey, effect) ? "continue" : "drop";
    case "tos":
      changeTos(packet, effect);
      return "continue";
    case "set":
      changeSets(journey, effect);
      return "continue";
    case "ttl":
      changeTtl(packet, effect);
      return "continue";
    case "netmap":
      return netmap(journey, effect.network, effect.mask);
    case "tcp-ecn":
      return changeTcpEcn(packet, effect) ? "continue" : "drop";
    case "strip-tcp-options":
      return stripTcpOptions(packet, effect) ? "continue" : "drop";
    case "translate-prefix":
      return translatePrefix(journey, effect) ? "continue" : "drop";
    case "hash-mark": {
      const before = packet.mark;
      packet.mark = hashMark(packet, effect) ?? before;
      if (packet.mark !== before) journey.note({ kind: "mark", before, after: packet.mark });
      return "continue";
    }
    case "tee":
      tee(journey, effect);
      return "continue";
    case "tproxy":
      return tproxy(journey, effect);
    case "synproxy":
      return synproxy(journey, effect);
    case "assume":
      environment.world.assume(effect.text);
      return "continue";
  }
}

function bind(journey: Journey, manip: "source" | "destination", range: NatRange): EffectResult {
  const { conntrack } = journey.environment;
  if (!conntrack) return "accept";
  return conntrack.bindNat(journey.packet, manip, range) === "ACCEPT" ? "accept" : "drop";
}

/**
 * nf_nat_masquerade_ipv4, nf_nat_masquerade_ipv6 (nf_nat_masquerade.c): the address that the outgoing interface has towards the
 * next hop, in IPv6 towards the destination.
 */
function masquerade(journey: Journey, range: NatRange): EffectResult {
  const { context, packet, environment } = journey;
  // a packet that has no source yet, such as a DHCP request, is let through as it is
  if (packet.source === 0) return "accept";
  const device = context.outDevice;
  if (device === undefined) return "drop";
  const { route } = journey;
  const towards = packet.family === "ipv4" && route?.kind === "unicast" ? route.nextHop : packet.destination;
  const address = environment.host.selectSource(device, towards);
  if (address === undefined) {
    environment.world.assume(`the address of ${device} is not known; MASQUERADE is taken to drop the packet`);
    return "drop";
  }
  const { conntrack } = environment;
  conntrack?.bindNat(packet, "source", { ...range, addresses: [address, address] }, device);
  return "accept";
}

/** xt_NETMAP.c: of the destination before routing, of the source behind it; host bits stay. */
function netmap(journey: Journey, network: Address, mask: Address): EffectResult {
  const { context, packet } = journey;
  const manip = context.hook === "PREROUTING" || context.hook === "OUTPUT" ? "destination" : "source";
  const own = packet[manip];
  const address =
    typeof own === "number"
      ? ((Number(network) & Number(mask)) | (own & ~Number(mask))) >>> 0
      : (BigInt(network) & BigInt(mask)) | (own & ~BigInt(mask));
  return bind(journey, manip, { addresses: [address, address] });
}

const loopback = { ipv4: parseAddress("127.0.0.1")!, ipv6: parseAddress("::1")! } as const;

/** nf_nat_redirect (nf_nat_redirect.c): loopback for local packets, else the incoming interface's first address. */
function redirect(journey: Journey, range: NatRange): EffectResult {
  const { context, packet, environment } = journey;
  const address = context.hook === "OUTPUT" ? loopback[packet.family] : primaryAddress(journey, context);
  if (address === undefined) {
    if (environment.host.assumptions.length > 0) {
      environment.world.assume(
        `the address of ${context.inDevice} is not known; REDIRECT is taken to drop the packet`,
      );
    }
    return "drop";
  }
  return bind(journey, "destination", { ...range, addresses: [address, address] });
}

/** The scopes that ipv6_addr_scope tells apart: 1 interface, 2 link, 5 site, 14 all beyond (RFC 4291, 2.7). */
function reach(address: bigint): number {
  const group = address >> 120n === 0xffn ? Number((address >> 112n) & 15n) : 14;
  if (group !== 14) return [1, 2, 5].includes(group) ? group : 14;
  if (address === 1n) return 1;
  return address >> 118n === 0x3fan ? 2 : address >> 118n === 0x3fbn ? 5 : 14;
}

function primaryAddress({ environment, packet }: Journey, context: Context) {
  const addresses = environment.host.interfaces.get(context.inDevice ?? "")?.addresses ?? [];
  const { destination } = packet;
  if (typeof destination === "number")
    return addresses.find(({ address }) => typeof address === "number")?.address;
  // nf_nat_redirect_ipv6_usable: an address reaches as far as the one that it takes the place of
  const scope = reach(destination);
  return addresses.find(({ address }) => typeof address === "bigint" && reach(address) === scope)?.address;
}
