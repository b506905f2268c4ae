import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Machine } from "../../src/evaluate/machine.ts";
import { type Ipsets, setFamilies } from "../../src/host/ipset/ipsets.ts";
import { parseIpsets } from "../../src/host/ipset/parse-ipsets.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printAddress } from "../../src/packet/address.ts";
import { seeded } from "./acl.ts";
import { flows, router } from "./flows.ts";
import { cpuTime, median } from "./measure.ts";

interface Kind {
  readonly create: string;
  readonly directions: string;
  readonly element: (random: () => number) => string;
}

/** Addresses outside the flows' 10.0.0.0/8: no packet is in a set, so each is looked up with every prefix length. */
const outside = (random: () => number): number => (0x0b000000 + (random() % 0xd0000000)) >>> 0;
const network = (random: () => number, length: number): string =>
  `${printAddress((outside(random) & (-1 << (32 - length))) >>> 0)}/${length}`;
const kinds: readonly Kind[] = [
  { create: "hash:ip", directions: "src", element: (random) => printAddress(outside(random)) },
  {
    create: "hash:ip timeout 86400",
    directions: "src",
    element: (random) => `${printAddress(outside(random))} timeout ${1 + (random() % 86400)}`,
  },
  {
    create: "hash:ip,port",
    directions: "src,dst",
    element: (random) => `${printAddress(outside(random))},udp:${random() % 65536}`,
  },
  {
    create: "hash:net",
    directions: "src",
    element: (random) => {
      const length = 13 + (random() % 20);
      return length === 32 ? printAddress(outside(random)) : network(random, length);
    },
  },
];

/** A set of so many elements, as `ipset save` writes it. */
function saved({ create, element }: Kind, count: number): string {
  const random = seeded(count);
  const elements = new Map<string, string>();
  while (elements.size < count) {
    const text = element(random);
    elements.set(text.split(" ")[0] ?? "", text);
  }
  const lines = [...elements.values()].map((text) => `add blocked ${text}\n`);
  return `create blocked ${create} maxelem 1000000\n${lines.join("")}`;
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function memory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const chains = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n";
const all = flows(2000);

/** What a machine takes up to its first verdict, in milliseconds, and packets then, round by round, in microseconds each. */
function packets(sets: Ipsets, rule: string): { readonly make: number; round(at: number): number } {
  const text = `${chains}${rule}COMMIT\n`;
  const { ruleset } = parseRuleset(text, { family: "ipv4", filename: "rules", sets: setFamilies(sets) });
  let machine: Machine | undefined;
  const make = cpuTime(() => {
    machine = new Machine(ruleset, { host: router(), now: 0, events: false, sets });
    machine.receive("eth0", all[0]!.there, 0);
  });
  const run = (at: number) =>
    cpuTime(() => {
      for (const { there } of all) machine?.receive("eth0", there, at);
    });
  return { make, round: (at) => (run(at) * 1000) / all.length };
}

function read(text: string): Ipsets {
  const { ipsets, diagnostics } = parseIpsets(text);
  if (diagnostics[0]) throw new Error(diagnostics[0].message);
  return ipsets;
}

function row(kind: Kind, count: number): string {
  const text = saved(kind, count);
  const before = memory();
  const sets = read(text);
  const bytes = (memory() - before) / count;
  const reading = median(Array.from({ length: 5 }, () => cpuTime(() => void read(text))));
  const plain = packets(sets, "");
  const asking = packets(sets, `-A FORWARD -m set --match-set blocked ${kind.directions} -j DROP\n`);
  const more: number[] = [];
  for (let round = 0; round < 25; round++) {
    const without = plain.round(round);
    more.push(asking.round(round) - without);
  }
  // of a small set the clock's steps and the heap's own noise are more
  const isSmall = count < 1000;
  const lines = isSmall ? "" : `${Math.round(count / (reading / 1000))}`;
  const figures = [lines, isSmall ? "" : bytes.toFixed(0), `${asking.make.toFixed(1)} ms`];
  return [kind.create, count, ...figures, `${median(more).toFixed(2)} µs`].join(" | ");
}

/** Prints what ipsets cost at three sizes: reading, memory, a machine up to its first verdict, each further packet's look-up. */
export function benchIpsets(): void {
  console.log("\nset | elements | lines a second | bytes an element | until the first verdict | a look-up");
  for (const kind of kinds) for (const count of [100, 10_000, 200_000]) console.log(row(kind, count));
}
