import { type HashPart, hashTuple } from "../../arg-types/hash-tuple.ts";
import { integer } from "../../arg-types/integer.ts";
import { loosePrefix, maskOfPrefix } from "../../arg-types/loose-prefix.ts";
import { defineTarget, type Problem } from "../extension.ts";
import { plain } from "../plain-arg.ts";
import { conflict, kernelRefuses, missing } from "../problem.ts";

const hex = (width: number) => (value: number) => `0x${value.toString(16).padStart(width, "0")}`;
const port = integer({ min: 0, max: 0xffff, print: hex(4) });
const word = integer({ min: 0, max: 0xffffffff, print: hex(8) });
const u32 = 0xffffffff;

/** What `--hmark-tuple` makes of the parts that count: all their bits. */
const wholePart = {
  src: "host",
  dst: "host",
  sport: 0xffff,
  dport: 0xffff,
  spi: u32,
  proto: 0xffff,
} as const satisfies Record<Exclude<HashPart, "ct">, unknown>;
const optionOf = (part: keyof typeof wholePart): string =>
  `hmark-${part}-${part === "src" || part === "dst" ? "prefix" : "mask"}`;

export const hmark = defineTarget({
  name: "HMARK",
  summary: "Sets the packet's mark to a hash of its addresses and ports, and goes on",
  options: {
    "hmark-src-prefix": { arg: loosePrefix, help: "how much of the source address counts" },
    "hmark-dst-prefix": { arg: loosePrefix, help: "how much of the destination address counts" },
    "hmark-sport-mask": { arg: port, help: "the bits of the source port that count" },
    "hmark-dport-mask": { arg: port, help: "the bits of the destination port that count" },
    "hmark-spi-mask": { arg: word, help: "the bits of the security parameters index that count" },
    "hmark-sport": { arg: port, help: "bits that are set in the source port" },
    "hmark-dport": { arg: port, help: "bits that are set in the destination port" },
    "hmark-spi": { arg: word, help: "bits that are set in the security parameters index" },
    "hmark-proto-mask": {
      arg: integer({ min: 0, max: 0xffff, print: hex(2) }),
      help: "the bits of the protocol that count",
    },
    "hmark-rnd": { arg: word, help: "the hash's seed; it must be given" },
    "hmark-mod": { arg: integer({ min: 1, max: u32 }), help: "how many marks there are; it must be given" },
    "hmark-offset": { arg: integer({ min: 0, max: u32 }), help: "the first mark" },
    "hmark-tuple": {
      arg: hashTuple,
      help: "what counts: ct (of the connection's first packet), src, dst, sport, dport, spi, proto",
      gives: (tuple: readonly HashPart[]) => tuple.flatMap((part) => (part === "ct" ? [] : [optionOf(part)])),
    },
  },
  normalize({ "hmark-tuple": tuple, ...args }) {
    const parts = tuple?.value ?? [];
    const whole = parts.flatMap((part) =>
      part === "ct" ? [] : [[optionOf(part), plain(wholePart[part])] as const],
    );
    return {
      ...args,
      ...Object.fromEntries(whole),
      ...(parts.includes("ct") && { "hmark-tuple": plain(["ct"] as const) }),
    };
  },
  check({
    "hmark-mod": mod,
    "hmark-rnd": seed,
    "hmark-offset": _,
    "hmark-tuple": tuple,
    ...parts
  }): readonly Problem[] {
    if (!mod) return [missing("--hmark-mod is mandatory")];
    if (!seed) return [missing("--hmark-rnd is mandatory")];
    if (parts["hmark-spi-mask"] && (parts["hmark-sport-mask"] ?? parts["hmark-dport-mask"])) {
      return [conflict("you cannot use --hmark-spi-mask and --hmark-?port-mask,at the same time")];
    }
    if (!tuple && Object.values(parts).every((part) => part === undefined)) {
      return [missing("you have to specify --hmark-tuple at least")];
    }
    if (!parts["hmark-spi"] || !(parts["hmark-sport"] ?? parts["hmark-dport"])) return [];
    const message = "a packet has ports or a security parameters index, not both";
    return [kernelRefuses(message, { option: "hmark-spi" })];
  },
  effects(args, { family }) {
    const ports = (source = 0, destination = 0) => source * 65536 + destination;
    const maskOf = (arg: (typeof args)["hmark-src-prefix"]) => (arg ? maskOfPrefix(arg.value, family) : 0);
    return [
      {
        kind: "hash-mark",
        source: maskOf(args["hmark-src-prefix"]),
        destination: maskOf(args["hmark-dst-prefix"]),
        portMask:
          args["hmark-spi-mask"]?.value ??
          ports(args["hmark-sport-mask"]?.value, args["hmark-dport-mask"]?.value),
        portSet: args["hmark-spi"]?.value ?? ports(args["hmark-sport"]?.value, args["hmark-dport"]?.value),
        protocolMask: args["hmark-proto-mask"]?.value ?? 0,
        seed: args["hmark-rnd"]?.value ?? 0,
        modulus: args["hmark-mod"]?.value ?? 1,
        offset: args["hmark-offset"]?.value ?? 0,
        ofConnection: args["hmark-tuple"] !== undefined,
      },
    ];
  },
  examples: [
    {
      rule: "-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-mod 4 --hmark-offset 100 --hmark-rnd 7",
      saves:
        "-j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0x00000007 --hmark-mod 4 --hmark-offset 100",
    },
    {
      rule: "-j HMARK --hmark-tuple ct --hmark-src-prefix 24 --hmark-mod 2 --hmark-rnd 0",
      saves: "-j HMARK --hmark-src-prefix 24 --hmark-rnd 0x00000000 --hmark-mod 2 --hmark-tuple ct",
    },
    { rule: "-j HMARK --hmark-tuple src --hmark-mod 2", refused: "option-missing" },
    { rule: "-j HMARK --hmark-tuple src,spi,dport --hmark-mod 2 --hmark-rnd 1", refused: "option-conflict" },
    {
      rule: "-j HMARK --hmark-tuple src --hmark-src-prefix 24 --hmark-mod 2 --hmark-rnd 1",
      refused: "repeated-option",
    },
    { rule: "-j HMARK --hmark-spi 1 --hmark-sport 1 --hmark-mod 2 --hmark-rnd 1", refused: "kernel-refuses" },
  ],
});
