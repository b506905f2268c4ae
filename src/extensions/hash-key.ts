import type { HashPart } from "../arg-types/hash-mode.ts";
import { type LoosePrefix, maskOfPrefix } from "../arg-types/loose-prefix.ts";
import { type Family, maskAddress } from "../packet/address.ts";
import type { Context } from "../packet/context.ts";
import type { Packet } from "../packet/packet.ts";
import { skipExtensionHeaders } from "../packet/skip-extension-headers.ts";

/** Where the ports stand in the transport header, by protocol: AH's SPI is taken for them (proto_ports_offset). */
const portsAt: Readonly<Record<number, number>> = { 6: 0, 17: 0, 33: 0, 50: 0, 51: 4, 132: 0, 136: 0 };

/**
 * The key of a packet's bucket (hashlimit_init_dst, xt_hashlimit.c). Packets of other protocols have ports 0, and so have
 * later fragments of IPv6; those of IPv4 are read as if they had a header. `undefined` where the packet ends before its
 * ports, or its extension headers lead nowhere.
 */
export function hashKey(
  mode: readonly HashPart[],
  sourcePrefix: LoosePrefix,
  destinationPrefix: LoosePrefix,
  family: Family,
): (context: Context) => string | undefined {
  const sourceMask = maskOfPrefix(sourcePrefix, family);
  const destinationMask = maskOfPrefix(destinationPrefix, family);
  const withPorts = mode.includes("srcport") || mode.includes("dstport");
  return ({ packet }) => {
    const ports = withPorts ? portsOf(packet) : noPorts;
    if (!ports) return undefined;
    const [sourcePort, destinationPort] = ports;
    const values = {
      srcip: maskAddress(packet.source, sourceMask),
      srcport: sourcePort,
      dstip: maskAddress(packet.destination, destinationMask),
      dstport: destinationPort,
    };
    return mode.map((part) => String(values[part])).join(" ");
  };
}

type Ports = readonly [source: number, destination: number];
const noPorts: Ports = [0, 0];

function portsOf({ bytes, family, protocol, transportOffset }: Packet): Ports | undefined {
  const transport = family === "ipv6" ? skipExtensionHeaders(bytes) : { protocol, offset: transportOffset };
  if (!transport) return undefined;
  const at = portsAt[transport.protocol];
  if (at === undefined) return noPorts;
  const start = transport.offset + at;
  if (start + 4 > bytes.length) return undefined;
  const word = (index: number) => (bytes[index]! << 8) | bytes[index + 1]!;
  return [word(start), word(start + 2)];
}
