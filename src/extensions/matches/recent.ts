import { flag } from "../../arg-types/arg-type.ts";
import { bareString } from "../../arg-types/bare-string.ts";
import { integer } from "../../arg-types/integer.ts";
import { addressOfMask, networkMask } from "../../arg-types/network-mask.ts";
import { printAddress } from "../../packet/address.ts";
import { defineMatch, type Problem } from "../extension.ts";
import { isListed } from "../is-listed.ts";
import { present } from "../plain-arg.ts";
import { kernelRefuses, missing } from "../problem.ts";

const u32 = 0xffffffff;
/** iptables prints the seconds as a signed number, so it does not read back what it prints of the upper half. */
const seconds = {
  ...integer({ min: 1, max: u32, placeholder: "seconds", print: (value) => String(value | 0) }),
  samples: [1, 60, 0x7fffffff],
};

const mode = (help: string, excludes: readonly string[]) =>
  ({ arg: flag, help, invertible: true, excludes }) as const;

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
      return [missing("recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'")];
    }
    const problems: Problem[] = [];
    if (set ?? remove) {
      const whose = set ? "--set" : "--remove";
      if (seconds) problems.push(kernelRefuses(`${whose} has no use for --seconds`, { option: "seconds" }));
      if (hitcount.value > 0)
        problems.push(kernelRefuses(`${whose} has no use for --hitcount`, { option: "hitcount" }));
    }
    if (hitcount.value >= 65536)
      problems.push(kernelRefuses("--hitcount is at most 65535", { option: "hitcount" }));
    if (/^$|^\.\.?$|\//.test(name.value))
      problems.push(kernelRefuses("the name cannot be a file's", { option: "name" }));
    return problems;
  },
  meaning({ set, rcheck, update, remove, seconds, hitcount, name, rttl, reap, mask, rdest }, { family }) {
    const mode = set ?? rcheck ?? update ?? remove;
    const side = rdest ? "destination" : "source";
    const action = set ? "set" : rcheck ? "rcheck" : update ? "update" : "remove";
    return isListed(`recent list ${name.value} by ${side} (${action})`, `${family} ${name.value}`, {
      action,
      inverted: mode?.inverted ?? false,
      side,
      mask: addressOfMask(mask.value, family),
      seconds: seconds?.value,
      hitCount: hitcount.value,
      sameTtl: rttl !== undefined,
      reaps: reap !== undefined,
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
