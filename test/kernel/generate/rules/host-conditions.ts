import type { Dice } from "../dice.ts";
import { type Condition, not } from "./condition.ts";
import type { Sight } from "./sight.ts";

/** Programs of classic BPF: total length, TTL, protocol, ports, a loop over memory words, the mark, the packet's end. */
const programs = [
  "4,48 0 0 8,37 0 1 63,6 0 0 1,6 0 0 0",
  "4,48 0 0 9,21 0 1 6,6 0 0 65535,6 0 0 0",
  "4,128 0 0 0,53 0 1 60,6 0 0 1,6 0 0 0",
  "6,177 0 0 0,72 0 0 2,21 0 1 80,6 0 0 1,37 0 0 1024,22 0 0 0",
  "5,40 0 0 6,69 1 0 8191,6 0 0 1,6 0 0 0,6 0 0 0",
  "8,32 0 0 12,2 0 0 3,32 0 0 16,7 0 0 0,96 0 0 3,172 0 0 0,84 0 0 255,22 0 0 0",
  "3,32 0 0 4294963220,84 0 0 1,22 0 0 0",
  "3,48 0 0 40,52 0 0 7,22 0 0 0",
  "2,40 0 0 4294963200,22 0 0 0",
] as const;

/** With BPF's own syntax for words, where the program may stand in IPv6 as well. */
const bpfMatch = (dice: Dice): string => `-m bpf --bytecode "${dice.of(programs)}"`;

function devgroupMatch(dice: Dice, { hook }: Sight): string {
  const group = () => dice.of(["0", "7", "5/0xf", "0x2/0x2", "1/0"]);
  const source = hook !== "OUTPUT" && hook !== "POSTROUTING" ? [`${not(dice)}--src-group ${group()}`] : [];
  const sink = hook !== "PREROUTING" && hook !== "INPUT" ? [`${not(dice)}--dst-group ${group()}`] : [];
  const both = [...source, ...sink];
  return `-m devgroup ${both.length > 1 && dice.maybe(0.6) ? dice.of(both) : both.join(" ")}`;
}

const rpfilterFlags = ["--loose", "--validmark", "--accept-local", "--invert"] as const;

function rpfilterMatch(dice: Dice): string {
  const flags = rpfilterFlags.filter((flag) => dice.maybe(flag === "--invert" ? 0.5 : 0.25));
  return ["-m rpfilter", ...flags].join(" ");
}

/** The standard host has no bridge. */
const physdevFlags = [
  "--physdev-is-bridged",
  "--physdev-is-in",
  "--physdev-in eth0",
  "--physdev-out eth+",
] as const;

function physdevMatch(dice: Dice, { hook }: Sight): string {
  const flags = dice.some(
    physdevFlags.filter((flag) => hook === "FORWARD" || !flag.includes("out")),
    dice.of([1, 2]),
  );
  return `-m physdev ${flags.map((flag) => `${not(dice, 0.8)}${flag}`).join(" ")}`;
}

const realms = ["3", "0", "0x5", "0x40005", "0x60000/0xffff0000", "5/0xffff", "0x7/0xff"] as const;
const received = ["PREROUTING", "INPUT", "FORWARD"] as const;
const routed = ["INPUT", "FORWARD", "OUTPUT", "POSTROUTING"] as const;
const owned = ["INPUT", "OUTPUT", "POSTROUTING"] as const;

/** Matches that ask the host: its interfaces, routes, sockets and processors. */
export const hostConditions: readonly Condition[] = [
  { weight: 2.5, text: bpfMatch },
  { weight: 2, text: devgroupMatch },
  { weight: 6, hooks: ["PREROUTING"], tables: ["raw", "mangle"], text: rpfilterMatch },
  { weight: 1, text: physdevMatch },
  { weight: 1.5, hooks: routed, text: (dice) => `-m realm ${not(dice, 0.3)}--realm ${dice.of(realms)}` },
  {
    weight: 1.5,
    hooks: owned,
    text: (dice) =>
      `-m cgroup ${dice.of(["--cgroup 0", "! --cgroup 0", "! --cgroup 5", "--cgroup 5", "--path /", "! --path /"])}`,
  },
  { weight: 0.7, text: (dice) => `-m cpu ${dice.of(["! --cpu 4095", "--cpu 4095"])}` },
  {
    weight: 0.3,
    hooks: ["PREROUTING", "INPUT"],
    text: (dice) => `-m socket${dice.of(["", " --transparent", " --nowildcard"])}`,
  },
  {
    weight: 0.7,
    hooks: received,
    protocols: [6],
    text: (dice) => `-m osf ${not(dice)}--genre Linux --ttl ${dice.below(3)}`,
  },
  {
    weight: 0.5,
    hooks: received,
    text: (dice) =>
      `-m policy --dir in --pol ipsec --strict ${not(dice)}--proto esp --next --reqid 1 --mode transport`,
  },
];
