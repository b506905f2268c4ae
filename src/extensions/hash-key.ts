import type { HashPart } from "../arg-types/hash-mode.ts";
import { type LoosePrefix, maskOfPrefix } from "../arg-types/loose-prefix.ts";
import { type Family, maskAddress } from "../packet/address.ts";
import type { Context } from "../packet/context.ts";

/** Where the ports stand in the transport header, by protocol: AH's SPI is taken for them (proto_ports_offset). */
const portsAt: Readonly<Record<number, number>> = { 6: 0, 17: 0, 33: 0, 50: 0, 51: 4, 132: 0, 136: 0 };

/**
 * The key of a packet's bucket (hashlimit_init_dst, xt_hashlimit.c). Packets of other protocols have ports 0; later
 * fragments of IPv4 are read as if they had a header. `undefined` where the packet ends before its ports.
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
    const at = withPorts ? portsAt[packet.protocol] : undefined;
    const ports = at === undefined ? [0, 0] : [packet.transportWord(at), packet.transportWord(at + 2)];
    if (ports.includes(-1)) return undefined;
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
