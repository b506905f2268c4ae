import { hostPrefix, networkPart, type Part } from "../../../../src/host/ipset/part.ts";
import type { PartKind } from "../../../../src/host/ipset/set-type.ts";
import { type Address, maskAddress } from "../../../../src/packet/address.ts";
import type { Context } from "../../../../src/packet/context.ts";
import { extensionHeader } from "../../../../src/packet/extension-header.ts";
import type { SetDirection } from "../../../../src/packet/host-sets.ts";
import type { Packet } from "../../../../src/packet/packet.ts";
import { skipExtensionHeaders } from "../../../../src/packet/skip-extension-headers.ts";
import type { MapSet } from "./map-set.ts";

/** Bytes of the transport headers that have to be there, by protocol (get_port, ip_set_getport.c). */
const headerLength: Readonly<Record<number, number>> = { 1: 8, 6: 20, 17: 8, 58: 8, 132: 12, 136: 8 };

/** Where a packet's transport header starts, as ip_set_get_ip4_port and ip_set_get_ip6_port find it. */
function transportOf(packet: Packet): { readonly protocol: number; readonly offset: number } | undefined {
  if (packet.family === "ipv6") {
    const found = skipExtensionHeaders(packet.bytes);
    return found?.protocol === extensionHeader.fragment ? undefined : found;
  }
  const { protocol, fragmentOffset, transportOffset: offset } = packet;
  return protocol === 0 || fragmentOffset !== 0 ? undefined : { protocol, offset };
}

/** A packet's protocol and port; ICMP's type and code are one; protocols without ports have 0. */
function portOf(
  packet: Packet,
  direction: SetDirection,
): { readonly protocol: number; readonly port: number } | undefined {
  const transport = transportOf(packet);
  if (!transport) return undefined;
  const { protocol, offset } = transport;
  const needed = headerLength[protocol];
  if (needed === undefined) return { protocol, port: 0 };
  if (packet.length < offset + needed) return undefined;
  const at = offset + (protocol === 1 || protocol === 58 || direction === "src" ? 0 : 2);
  return { protocol, port: (packet.bytes[at]! << 8) | packet.bytes[at + 1]! };
}

function macOf({ ethernetHeader }: Packet, direction: SetDirection): number | undefined {
  if (!ethernetHeader) return undefined;
  const start = direction === "src" ? 6 : 0;
  let value = 0;
  for (let at = start; at < start + 6; at++) value = value * 256 + ethernetHeader[at]!;
  return value;
}

const isZero = (address: Address): boolean => address === 0 || address === 0n;

/**
 * The element of a set that a packet is, dimension by dimension (the types' kadt functions, ip_set_*.c). `undefined`
 * where it cannot be one: no such header, interface or address. Networks are the address itself where it is looked up,
 * and as long as the set's longest where it is `stored`.
 */
export function packetParts(
  set: MapSet,
  directions: readonly SetDirection[],
  context: Context,
  stored: boolean,
): readonly Part[] | undefined {
  const element: Part[] = [];
  let net = 0;
  for (const [index, kind] of set.type.parts.entries()) {
    const prefix = kind === "net" && stored ? set.newPrefix(net++) : hostPrefix(set.options.family);
    const part = packetPart(kind, set, directions[index] ?? "dst", context, prefix);
    if (!part) return undefined;
    element.push(part);
  }
  return element;
}

function packetPart(
  kind: PartKind,
  set: MapSet,
  direction: SetDirection,
  context: Context,
  prefix: number,
): Part | undefined {
  const { packet } = context;
  const { type, options, mask } = set;
  const own = direction === "src" ? packet.source : packet.destination;
  const address = mask === undefined ? own : maskAddress(own, mask);
  switch (kind) {
    case "ip":
      if (options.range && (Number(own) < options.range[0] || Number(own) > options.range[1]))
        return undefined;
      return type.noZero && isZero(address) ? undefined : { kind, address };
    case "net":
      return networkPart(address, prefix, options.family);
    case "port": {
      const found = portOf(packet, direction);
      if (!found) return undefined;
      if (type.storage === "hash") return { kind, ...found };
      // a bitmap has TCP and UDP ports only, and does not tell one from the other
      const { protocol, port } = found;
      const [low, high] = options.range ?? [0, 65535];
      const inside = (protocol === 6 || protocol === 17) && port >= low && port <= high;
      return inside ? { kind, protocol: 0, port } : undefined;
    }
    case "mac": {
      const mac = macOf(packet, direction);
      if (mac === undefined || (mac === 0 && type.storage === "hash")) return undefined;
      return { kind, address: mac };
    }
    case "mark":
      return { kind, mark: (packet.mark & options.markMask) >>> 0 };
    case "iface": {
      const name = direction === "src" ? context.inDevice : context.outDevice;
      return name === undefined ? undefined : { kind, name, physical: false, wildcard: false };
    }
    case "set":
      return undefined;
  }
}
