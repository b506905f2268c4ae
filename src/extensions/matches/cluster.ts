import { integer } from "../../arg-types/integer.ts";
import { always, and, invertIf, opaque } from "../../formula/formula.ts";
import { type Address, writeAddress } from "../../packet/address.ts";
import type { Tracking } from "../../packet/connection.ts";
import type { Packet } from "../../packet/packet.ts";
import { hasEntry } from "../connection-state.ts";
import { defineMatch } from "../extension.ts";
import { jhash } from "../jhash.ts";

const hex8 = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

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

export const cluster = defineMatch({
  name: "cluster",
  summary: "Connections that fall to this node of a cluster, by a hash of their source address",
  needsConntrack: true,
  options: {
    "cluster-local-node": {
      arg: integer({ min: 1, max: 32 }),
      help: "the one node that this host is, from 1",
      invertible: true,
      into: "cluster-local-nodemask",
      convert: (node) => 2 ** (node - 1),
    },
    "cluster-local-nodemask": {
      // iptables 1.8.9 takes no mask beyond 32
      arg: integer({ min: 1, max: 32, placeholder: "mask", print: hex8 }),
      help: "the nodes that this host is, a bit for each",
      invertible: true,
    },
    "cluster-total-nodes": {
      arg: integer({ min: 1, max: 32 }),
      help: "how many nodes there are",
      required: true,
    },
    "cluster-hash-seed": {
      arg: integer({ min: 0, max: 2 ** 32 - 1, print: hex8 }),
      help: "the hash's seed, the same on all nodes",
      required: true,
    },
  },
  check({ "cluster-local-nodemask": mask, "cluster-total-nodes": total }) {
    if (!mask) {
      const message = "cluster match: `--cluster-local-node' or`--cluster-local-nodemask' is missing";
      return [{ code: "option-missing", message }];
    }
    if (mask.value < 2 ** total.value) return [];
    const message = "cluster match: `--cluster-local-nodemask' too big for `--cluster-total-nodes'";
    return [{ code: "bad-value", message, option: "cluster-local-nodemask" }];
  },
  meaning({ "cluster-local-nodemask": mask, "cluster-total-nodes": total, "cluster-hash-seed": seed }) {
    if (!mask) return always;
    const key = `falls to nodes ${hex8(mask.value)} of ${total.value}, seed ${hex8(seed.value)}`;
    const falls = opaque(key, ({ packet }) => {
      takeIn(packet);
      const { tracking } = packet;
      if (!isConnection(tracking)) return false;
      const { original } = tracking.connection.master ?? tracking.connection;
      return ((mask.value >>> nodeOf(original.source, total.value, seed.value)) & 1) === 1;
    });
    const hasConnection = opaque("has a connection, not only a template of one", ({ packet: { tracking } }) =>
      isConnection(tracking),
    );
    return and(invertIf(mask.inverted, falls), hasEntry, hasConnection);
  },
  examples: [
    {
      rule: "-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 0x1234 -j ACCEPT",
      saves:
        "-m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00001234 -j ACCEPT",
    },
    {
      rule: "-m cluster --cluster-total-nodes 4 --cluster-local-nodemask 16 --cluster-hash-seed 1",
      refused: "bad-value",
    },
    { rule: "-m cluster --cluster-total-nodes 4 --cluster-local-node 1", refused: "option-missing" },
  ],
});
