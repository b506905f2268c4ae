import { type ArgType, bad, flag } from "../../arg-types/arg-type.ts";
import { choice } from "../../arg-types/choice.ts";
import { integer } from "../../arg-types/integer.ts";
import { macAddress } from "../../arg-types/mac-address.ts";
import { defineTarget } from "../extension.ts";
import { plain } from "../plain-arg.ts";
import { conflict } from "../problem.ts";

const node = integer({ min: 0, max: 16 });
const mode = choice(["sourceip", "sourceip-sourceport", "sourceip-sourceport-destport"], {
  exactCase: true,
  message: (text) => `Unknown hashmode "${text}"`,
});

/** An address of a group of stations: the lowest bit of its first byte is set. */
const groupMac: ArgType<number> = {
  ...macAddress,
  parse(words, site) {
    const read = macAddress.parse(words, site);
    const isGroup = read.ok && Math.floor(read.value / 2 ** 40) % 2 === 1;
    return !read.ok || isGroup ? read : bad("MAC has to be a multicast ethernet address");
  },
  print: (value, site) => macAddress.print(value, site).toUpperCase(),
  samples: [0x01005e000020],
};

export const clusterip = defineTarget({
  name: "CLUSTERIP",
  summary:
    "Shares an address with other hosts by a hash of the connection (gone since Linux 6.2; use `-m cluster`)",
  validIn: { families: ["ipv4"] },
  needsConntrack: true,
  options: {
    new: { arg: flag, help: "the first rule for the address" },
    hashmode: { arg: mode, help: "what of the connection decides" },
    clustermac: { arg: groupMac, help: "the MAC address that the hosts share" },
    "total-nodes": { arg: node, help: "how many hosts there are" },
    "local-node": { arg: node, help: "which of them this is" },
    "hash-init": { arg: integer({ min: 0, max: 0xffffffff }), help: "the hash's seed" },
  },
  normalize: (args) => (args.new && !args["hash-init"] ? { ...args, "hash-init": plain(0) } : args),
  check({ "hash-init": seed, ...rest }) {
    const given = Object.values(rest).filter((arg) => arg !== undefined).length;
    const isSound = rest.new ? given === 5 : given === 0 && !seed;
    if (isSound) return [];
    return [conflict("CLUSTERIP target: Invalid parameter combination")];
  },
  effects: () => [
    { kind: "assume", text: "CLUSTERIP is taken to let the packet on, as the node that it is for" },
  ],
  examples: [
    {
      rule: "-d 192.0.2.5 -j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5e:0:0:20 --total-nodes 2 --local-node 1",
      saves:
        "-d 192.0.2.5/32 -j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20 --total-nodes 2 --local-node 1 --hash-init 0",
    },
    { rule: "-d 192.0.2.5 -j CLUSTERIP", saves: "-d 192.0.2.5/32 -j CLUSTERIP" },
    { rule: "-j CLUSTERIP --new", refused: "option-conflict" },
    { rule: "-j CLUSTERIP --clustermac 00:00:5e:00:00:20", refused: "bad-value" },
  ],
});
