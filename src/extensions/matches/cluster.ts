import { integer } from "../../arg-types/integer.ts";
import { always, and, invertIf } from "../../formula/formula.ts";
import { fallsToNodes, hasConnection, hex8 } from "../cluster-node.ts";
import { hasEntry } from "../connection-state.ts";
import { defineMatch } from "../extension.ts";
import { badValue, missing } from "../problem.ts";

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
      return [missing("cluster match: `--cluster-local-node' or`--cluster-local-nodemask' is missing")];
    }
    if (mask.value < 2 ** total.value) return [];
    const message = "cluster match: `--cluster-local-nodemask' too big for `--cluster-total-nodes'";
    return [badValue(message, { option: "cluster-local-nodemask" })];
  },
  meaning({ "cluster-local-nodemask": mask, "cluster-total-nodes": total, "cluster-hash-seed": seed }) {
    if (!mask) return always;
    const falls = fallsToNodes(mask.value, total.value, seed.value);
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
