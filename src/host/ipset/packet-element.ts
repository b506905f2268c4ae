import type { Context } from "../../packet/context.ts";
import { extensionHeader } from "../../packet/extension-header.ts";
import type { SetDirection } from "../../packet/host-sets.ts";
import type { Packet } from "../../packet/packet.ts";
import { skipExtensionHeaders } from "../../packet/skip-extension-headers.ts";
import { writeMac } from "./element-layout.ts";
import type { IpSet } from "./ip-set.ts";
import { hostPrefix } from "./part.ts";
import type { PartKind } from "./set-type.ts";

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

/**
 * The element of a set that a packet is, dimension by dimension (the types' kadt functions, ip_set_*.c), in the set's
 * `element`. `undefined` where it cannot be one: no such header, interface or address. Networks are the address itself
 * where it is looked up, and as long as the set's longest where it is `stored`.
 */
export function packetElement(
  set: IpSet,
  directions: readonly SetDirection[],
  context: Context,
  stored: boolean,
): Uint32Array | undefined {
  const { layout, element } = set;
  let net = 0;
  for (let index = 0; index < layout.places.length; index++) {
    const { kind, at } = layout.places[index]!;
    const direction = directions[index] ?? "dst";
    if (!writePart(kind, set, direction, context, at)) return undefined;
    if (kind !== "net") continue;
    const prefix = stored ? set.newPrefix(net++) : hostPrefix(set.options.family);
    layout.narrow(element, at, prefix, element);
  }
  return element;
}

function writePart(
  kind: PartKind,
  set: IpSet,
  direction: SetDirection,
  context: Context,
  at: number,
): boolean {
  const { packet } = context;
  const { type, options, layout, element } = set;
  switch (kind) {
    case "ip":
      return writeAddress(set, packet, direction, at) && !(type.noZero && layout.isZero(element, at));
    case "net":
      return writeAddress(set, packet, direction, at);
    case "port": {
      const found = portOf(packet, direction);
      if (!found) return false;
      const { protocol, port } = found;
      if (type.storage === "hash") {
        element[at] = (protocol << 16) | port;
        return true;
      }
      // a bitmap has TCP and UDP ports only, and does not tell one from the other
      element[at] = port;
      const [low, high] = options.range ?? [0, 65535];
      return (protocol === 6 || protocol === 17) && port >= low && port <= high;
    }
    case "mac": {
      const mac = macOf(packet, direction);
      if (mac === undefined || (mac === 0 && type.storage === "hash")) return false;
      writeMac(mac, at, element);
      return true;
    }
    case "mark":
      element[at] = packet.mark & options.markMask;
      return true;
    case "iface": {
      const name = direction === "src" ? context.inDevice : context.outDevice;
      if (name === undefined) return false;
      element[at] = 0;
      element[at + 1] = layout.nameWord(name, false);
      return true;
    }
    case "set":
      return false;
  }
}

/** Writes an end's address with the set's mask; false where it is out of a bitmap's range. */
function writeAddress(set: IpSet, { bytes }: Packet, direction: SetDirection, at: number): boolean {
  const { element, maskWords, options, layout } = set;
  const [source, destination] = layout.addressWords === 1 ? [12, 16] : [8, 24];
  const start = direction === "src" ? source : destination;
  for (let word = 0; word < layout.addressWords; word++) {
    const from = start + 4 * word;
    const own = (bytes[from]! << 24) | (bytes[from + 1]! << 16) | (bytes[from + 2]! << 8) | bytes[from + 3]!;
    element[at + word] = own;
    if (options.range && (own >>> 0 < options.range[0] || own >>> 0 > options.range[1])) return false;
  }
  if (maskWords) layout.mask(element, at, maskWords);
  return true;
}
