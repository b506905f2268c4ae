import { printAddress } from "../../../../src/packet/address.ts";
import type { Dice } from "../dice.ts";
import { plainPort, type Samples, someAddress, someMac, someNetwork, somePort } from "./samples.ts";

/** A set that was made, as far as rules care. */
export interface MadeSet {
  readonly name: string;
  readonly dimension: number;
  readonly counters: boolean;
  readonly skbinfo: boolean;
}

/** The types that a usual kernel has; others are left to machines that have them. */
const hashes = [
  "hash:ip",
  "hash:ip,port",
  "hash:ip,port,ip",
  "hash:ip,port,net",
  "hash:net",
  "hash:net,iface",
  "hash:net,port",
] as const;
const bitmaps = ["bitmap:ip", "bitmap:ip,mac"] as const;

const interfaces = ["eth0", "eth1", "eth2", "lo"];

interface Extensions {
  readonly timeout: boolean;
  readonly counters: boolean;
  readonly skbinfo: boolean;
}

function someExtensions(dice: Dice): Extensions & { readonly text: string } {
  const extensions = { timeout: dice.maybe(0.3), counters: dice.maybe(0.4), skbinfo: dice.maybe(0.3) };
  const words = [
    ...(extensions.timeout ? [`timeout ${dice.of([0, 3, 300])}`] : []),
    ...(extensions.counters ? ["counters"] : []),
    ...(dice.maybe(0.2) ? ["comment"] : []),
    ...(extensions.skbinfo ? ["skbinfo"] : []),
  ];
  return { ...extensions, text: words.map((word) => ` ${word}`).join("") };
}

function entryWords(dice: Dice, { timeout, counters, skbinfo }: Extensions): string {
  const mark = () => dice.of(["0x1", "0x10/0xf0", "0xff/0xff", "0x0/0xffffffff"]);
  return [
    timeout && dice.maybe(0.4) ? ` timeout ${dice.of([0, 3, 4, 500])}` : "",
    counters && dice.maybe(0.4) ? ` packets ${dice.below(4)} bytes ${dice.below(200)}` : "",
    skbinfo && dice.maybe(0.8) ? ` skbmark ${mark()} skbprio ${dice.of(["1:10", "0:6"])}` : "",
  ].join("");
}

function element(dice: Dice, samples: Samples, type: string): string {
  const v4 = samples.family === "ipv4";
  const [, parts = ""] = type.split(":");
  const whole = parts === "net,iface";
  return parts
    .split(",")
    .map((part, index) => {
      switch (part) {
        case "ip": {
          const address = printAddress(someAddress(dice, samples));
          return v4 && index === 0 && !type.includes("mac") && dice.maybe(0.15) ? `${address}/30` : address;
        }
        case "net":
          return someNetwork(dice, samples, whole ? 0 : 1);
        case "port":
          return type.startsWith("bitmap") ? String(plainPort(dice, samples)) : somePort(dice, samples);
        case "mac":
          return someMac(dice, samples);
        default:
          return `${dice.maybe(0.06) ? "physdev:" : ""}${dice.of(interfaces)}`;
      }
    })
    .join(",");
}

function createOptions(dice: Dice, samples: Samples, type: string): string {
  const v4 = samples.family === "ipv4";
  if (type === "bitmap:port") return ` range ${dice.of(["0-65535", "0-1023", "1024-65535"])}`;
  if (type === "bitmap:ip") return dice.of([" range 10.0.0.0/24", " range 10.0.0.0/8 netmask 24"]);
  if (type === "bitmap:ip,mac") return ` range ${dice.of(["10.0.0.0/24", "192.0.2.0/24", "172.16.0.0/16"])}`;
  const mask = v4 ? dice.of(["netmask 24", "netmask 8", "bitmask 255.255.0.255"]) : "netmask 64";
  return [
    v4 ? "" : " family inet6",
    (type === "hash:ip" || type === "hash:ip,port") && dice.maybe(0.3) ? ` ${mask}` : "",
    dice.maybe(0.15) ? ` maxelem ${dice.between(3, 12)}` : "",
  ].join("");
}

/** One set with some elements that the packets have, as commands that ipset takes one by one. */
function someSet(
  dice: Dice,
  samples: Samples,
  name: string,
  type: string,
): { set: MadeSet; lines: string[] } {
  const extensions = someExtensions(dice);
  const nets = type.includes("net");
  const lines = [`create ${name} ${type}${createOptions(dice, samples, type)}${extensions.text}`];
  for (let left = dice.between(2, 9); left > 0; left--) {
    const text = element(dice, samples, type);
    const nomatch = nets && dice.maybe(0.3) ? " nomatch" : "";
    const learns = type === "bitmap:ip,mac" && dice.maybe(0.4);
    const entry = learns ? text.replace(/,.*/, "") : text;
    const wildcard = type === "hash:net,iface" && dice.maybe(0.15);
    const named = wildcard ? entry.replace(/eth\d/, "eth") : entry;
    lines.push(`add ${name} ${named}${nomatch}${wildcard ? " wildcard" : ""}${entryWords(dice, extensions)}`);
  }
  const dimension = type.split(",").length;
  return { set: { name, dimension, ...extensions }, lines };
}

/** Sets of many types, and lists of them. */
export function someSets(
  dice: Dice,
  samples: Samples,
): { sets: readonly MadeSet[]; lines: readonly string[] } {
  const v4 = samples.family === "ipv4";
  const types = [...hashes, "bitmap:port", ...(v4 ? bitmaps : [])];
  const made = dice
    .some([...types, ...hashes], dice.between(5, 9))
    .map((type, index) => someSet(dice, samples, `s${index}`, type));
  const members = dice.shuffled(made).slice(0, dice.between(2, 4));
  const extensions = someExtensions(dice);
  const list = [
    `create l list:set${extensions.text}`,
    ...members.map(({ set }) => `add l ${set.name}${entryWords(dice, extensions)}`),
  ];
  return {
    sets: [...made.map(({ set }) => set), { name: "l", dimension: 3, ...extensions }],
    lines: [...made.flatMap(({ lines }) => lines), ...list],
  };
}
