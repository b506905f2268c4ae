import { type Formula, opaque } from "../formula/formula.ts";
import { type Address, writeAddress } from "../packet/address.ts";
import type { Tracking } from "../packet/connection.ts";
import type { Packet } from "../packet/packet.ts";
import { jhash } from "./jhash.ts";

/** The first word of an address as a little-endian kernel reads it: xt_cluster hashes no more of an IPv6 address. */
function firstWord(address: Address): number {
  const bytes = new Uint8Array(typeof address === "number" ? 4 : 16);
  writeAddress(bytes, 0, address);
  return new DataView(bytes.buffer).getUint32(0, true);
}

/** The node, from 0, that a connection from this address falls to (xt_cluster_hash). */
export const nodeOf = (source: Address, nodes: number, seed: number): number =>
  Number((BigInt(jhash([firstWord(source)], seed)) * BigInt(nodes)) >> 32n);

/**
 * Before all else xt_cluster makes a packet that came to the MAC of a group, but to an address that is none, one of the
 * host's own: nodes of a cluster share such a MAC. No other match changes a packet.
 */
function takeIn(packet: Packet): void {
  if (packet.packetType === "multicast" && !isGroup(packet.destination)) packet.packetType = "unicast";
}

/** What `-j CT` asks for is none yet: the match holds for it neither way. */
const isConnection = (tracking: Tracking | undefined): tracking is Extract<Tracking, { kind: "tracked" }> =>
  tracking?.kind === "tracked" && !tracking.connection.isTemplate;

const isGroup = (address: Address): boolean =>
  typeof address === "number" ? address >>> 28 === 14 : address >> 120n === 0xffn;

/** The connection falls to one of the nodes, a bit for each. */
export function fallsToNodes(nodes: number, total: number, seed: number): Formula {
  const key = `falls to nodes ${hex8(nodes)} of ${total}, seed ${hex8(seed)}`;
  return opaque(key, ({ packet }) => {
    takeIn(packet);
    const { tracking } = packet;
    if (!isConnection(tracking)) return false;
    const { original } = tracking.connection.master ?? tracking.connection;
    return ((nodes >>> nodeOf(original.source, total, seed)) & 1) === 1;
  });
}

export const hasConnection: Formula = opaque(
  "has a connection, not only a template of one",
  ({ packet: { tracking } }) => isConnection(tracking),
);

/** As iptables-save writes nodes and seeds. */
export const hex8 = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
