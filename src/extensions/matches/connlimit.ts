import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { loosePrefix, maskOfPrefix } from "../../arg-types/loose-prefix.ts";
import { stateful } from "../../formula/formula.ts";
import { maskAddress, printAddress } from "../../packet/address.ts";
import { ConnectionCounter, countedOf } from "../connection-counter.ts";
import { defineMatch } from "../extension.ts";
import { jiffiesAt } from "../jiffies.ts";
import { plain, present } from "../plain-arg.ts";
import { missing } from "../problem.ts";

const connections = integer({ min: 0, max: 0xffffffff });

export const connlimit = defineMatch({
  name: "connlimit",
  summary: "Matches by how many connections there are from one network, or to one",
  needsConntrack: true,
  remembers: true,
  options: {
    "connlimit-upto": {
      arg: connections,
      help: "at most this many connections",
      invertible: true,
      excludes: ["connlimit-above"],
    },
    "connlimit-above": { arg: connections, help: "more connections than this", invertible: true },
    "connlimit-mask": { arg: loosePrefix, help: "prefix length that makes a network", fallback: "host" },
    "connlimit-saddr": { arg: flag, help: "count by source, the default", excludes: ["connlimit-daddr"] },
    "connlimit-daddr": { arg: flag, help: "count by destination" },
  },
  normalize({ "connlimit-upto": upto, "connlimit-above": above, "connlimit-mask": mask, ...side }) {
    const limit = upto ?? above;
    const isAbove = (upto === undefined) !== (limit?.inverted ?? false);
    return {
      ...(limit && { [isAbove ? "connlimit-above" : "connlimit-upto"]: plain(limit.value) }),
      "connlimit-mask": mask,
      [side["connlimit-daddr"] ? "connlimit-daddr" : "connlimit-saddr"]: present,
    };
  },
  check({ "connlimit-upto": upto, "connlimit-above": above }) {
    if (upto || above) return [];
    return [missing('You must specify "--connlimit-above" or "--connlimit-upto".')];
  },
  meaning(
    { "connlimit-upto": upto, "connlimit-above": above, "connlimit-daddr": daddr, ...args },
    { family },
  ) {
    const prefix = args["connlimit-mask"].value;
    const mask = maskOfPrefix(prefix, family);
    const side = daddr ? "destination" : "source";
    const limit = (upto ?? above)?.value ?? 0;
    const label = `connections by ${side} ${upto ? "at most" : "above"} ${limit}`;
    return stateful(label, (world) => {
      const counter = new ConnectionCounter();
      return (context) => {
        const counted = countedOf(context);
        const key = `${printAddress(maskAddress(context.packet[side], mask))} ${counted?.zone.id}`;
        const count = counted ? counter.count(key, counted, world.connections, jiffiesAt(world.now)) : 0;
        if (count === 0) {
          context.hotdrop = true;
          return false;
        }
        return upto ? count <= limit : count > limit;
      };
    });
  },
  examples: [
    {
      rule: "-p tcp --dport 80 -m connlimit --connlimit-above 2 -j REJECT",
      saves:
        "-p tcp -m tcp --dport 80 -m connlimit --connlimit-above 2 --connlimit-mask 32 --connlimit-saddr -j REJECT --reject-with icmp-port-unreachable",
    },
    {
      rule: "-m connlimit ! --connlimit-upto 2 --connlimit-mask 255.255.255.0 --connlimit-daddr",
      saves: "-m connlimit --connlimit-above 2 --connlimit-mask 24 --connlimit-daddr",
    },
    {
      rule: "-m connlimit --connlimit-upto 9",
      family: "ipv6",
      saves: "-m connlimit --connlimit-upto 9 --connlimit-mask 128 --connlimit-saddr",
    },
    { rule: "-m connlimit --connlimit-mask 8", refused: "option-missing" },
    { rule: "-m connlimit --connlimit-above 2 --connlimit-upto 3", refused: "option-conflict" },
  ],
});
