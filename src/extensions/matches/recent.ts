import { flag } from "../../arg-types/arg-type.ts";
import { bareString } from "../../arg-types/bare-string.ts";
import { integer } from "../../arg-types/integer.ts";
import { addressOfMask, networkMask } from "../../arg-types/network-mask.ts";
import { stateful } from "../../formula/formula.ts";
import { maskAddress, printAddress } from "../../packet/address.ts";
import type { Context } from "../../packet/context.ts";
import { type Arg, defineMatch, type Problem } from "../extension.ts";
import { hz, jiffiesAt } from "../jiffies.ts";
import { isHit, RecentTable, stampsFor } from "../recent-table.ts";

const u32 = 0xffffffff;
const present: Arg<true> = { value: true, inverted: false };
/** iptables prints the seconds as a signed number, so it does not read back what it prints of the upper half. */
const seconds = {
  ...integer({ min: 1, max: u32, placeholder: "seconds", print: (value) => String(value | 0) }),
  samples: [1, 60, 0x7fffffff],
};

const mode = (help: string, excludes: readonly string[]) =>
  ({ arg: flag, help, invertible: true, excludes }) as const;

/** The TTL that the packet came with: it is one less from FORWARD on, and local packets have it as it is. */
const ttlBefore = ({ packet: { bytes, family, owner }, outDevice }: Context): number =>
  (bytes[family === "ipv4" ? 8 : 7]! + (outDevice !== undefined && owner === undefined ? 1 : 0)) & 255;

export const recent = defineMatch({
  name: "recent",
  summary: "Keeps lists of addresses with the times at which they were seen, and matches by them",
  remembers: true,
  options: {
    set: mode("put the address on the list or update it", ["rcheck", "update", "remove"]),
    rcheck: mode("match if the address is on the list", ["update", "remove"]),
    update: mode("match if the address is on the list, and update it then", ["remove"]),
    remove: mode("match if the address is on the list, and take it off", []),
    seconds: { arg: seconds, help: "count only times within the last seconds" },
    reap: { arg: flag, help: "forget what is older than --seconds", requires: ["seconds"] },
    hitcount: {
      arg: integer({ min: 0, max: u32, placeholder: "hits" }),
      help: "match only if the address was seen this often",
      fallback: 0,
      omitFallback: true,
    },
    rttl: {
      arg: flag,
      help: "match only packets with the TTL of the packet that was last counted",
      excludes: ["set", "remove"],
    },
    name: { arg: bareString("name", 199, ["DEFAULT", "ssh"]), help: "the list", fallback: "DEFAULT" },
    mask: { arg: networkMask(printAddress), help: "mask put on the address", fallback: "host" },
    rsource: { arg: flag, help: "take the source address, the default" },
    rdest: { arg: flag, help: "take the destination address" },
  },
  normalize(args) {
    const { rsource: _, rdest: __, ...rest } = args;
    // of the two the one that was given last counts
    const side = Object.keys(args).findLast((name) => name === "rsource" || name === "rdest");
    return { ...rest, [side ?? "rsource"]: present };
  },
  check({ set, rcheck, update, remove, seconds, hitcount, name }) {
    if (!(set ?? rcheck ?? update ?? remove)) {
      const message = "recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'";
      return [{ code: "option-missing", message }];
    }
    const refuses = (message: string, option: string): Problem => ({
      code: "kernel-refuses",
      message,
      option,
      kernel: true,
    });
    const problems: Problem[] = [];
    if (set ?? remove) {
      const whose = set ? "--set" : "--remove";
      if (seconds) problems.push(refuses(`${whose} has no use for --seconds`, "seconds"));
      if (hitcount.value > 0) problems.push(refuses(`${whose} has no use for --hitcount`, "hitcount"));
    }
    if (hitcount.value >= 65536) problems.push(refuses("--hitcount is at most 65535", "hitcount"));
    if (/^$|^\.\.?$|\//.test(name.value)) problems.push(refuses("the name cannot be a file's", "name"));
    return problems;
  },
  meaning({ set, rcheck, update, remove, seconds, hitcount, name, rttl, reap, mask, rdest }, { family }) {
    const inverted = (set ?? rcheck ?? update ?? remove)?.inverted ?? false;
    const side = rdest ? "destination" : "source";
    const word = set ? "set" : rcheck ? "rcheck" : update ? "update" : "remove";
    // the kernel multiplies in 32 bits
    const ticks = seconds && Math.imul(seconds.value, hz) >>> 0;
    return stateful(`recent list ${name.value} by ${side} (${word})`, (world) => {
      const make = () => new RecentTable(addressOfMask(mask.value, family));
      const table = world.shared(`recent ${family} ${name.value}`, make);
      table.reserve(stampsFor(hitcount.value));
      return (context) => {
        const jiffies = jiffiesAt(world.now);
        const address = maskAddress(context.packet[side], table.mask);
        const ttl = ttlBefore(context);
        const entry = table.find(address, rttl ? ttl : 0);
        if (entry === undefined) {
          if (!set) return inverted;
          table.add(address, ttl, jiffies);
          return !inverted;
        }
        if (set) {
          table.update(entry, ttl, jiffies);
          return !inverted;
        }
        if (remove) {
          table.remove(entry);
          return !inverted;
        }
        const since = ticks === undefined ? undefined : jiffies - ticks;
        const matched = isHit(entry, since, hitcount.value) !== inverted;
        const updating = update && matched ? entry : undefined;
        if (reap && since !== undefined) table.reap(since, updating);
        if (updating) table.update(updating, ttl, jiffies);
        return matched;
      };
    });
  },
  examples: [
    {
      rule: "-m recent --set --name ssh --rsource",
      saves: "-m recent --set --name ssh --mask 255.255.255.255 --rsource",
    },
    {
      rule: "-m recent --update --seconds 60 --hitcount 4 --name ssh -j DROP",
      saves:
        "-m recent --update --seconds 60 --hitcount 4 --name ssh --mask 255.255.255.255 --rsource -j DROP",
    },
    {
      rule: "-m recent ! --rcheck --reap --seconds 5 --rdest --mask 255.255.255.0",
      saves: "-m recent ! --rcheck --seconds 5 --reap --name DEFAULT --mask 255.255.255.0 --rdest",
    },
    {
      rule: "-m recent --remove",
      family: "ipv6",
      saves: "-m recent --remove --name DEFAULT --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource",
    },
    { rule: "-m recent --name ssh", refused: "option-missing" },
    { rule: "-m recent --set --rcheck", refused: "option-conflict" },
    { rule: "-m recent --update --reap", refused: "option-missing" },
    { rule: "-m recent --set --seconds 60", refused: "kernel-refuses" },
    { rule: "-m recent --update --hitcount 65536", refused: "kernel-refuses" },
  ],
});
