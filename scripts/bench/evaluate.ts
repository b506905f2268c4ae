import { Machine } from "../../src/evaluate/machine.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { aclDump } from "./acl.ts";
import { type Flow, flows, router } from "./flows.ts";
import { cpuTime, median } from "./measure.ts";

const rounds = 15;
/** Of the walk rule by rule, whose packets take longer. */
const plainRounds = 3;
const flowCount = 2000;

/** Microseconds a packet takes through the whole path, and what making the index took. */
interface Cost {
  readonly opening: number;
  readonly established: number;
  readonly firstPacket: number;
}

function cost(count: number, indexFrom: number | undefined, packets: number, times: number): Cost {
  const { ruleset } = parseRuleset(aclDump(count), { family: "ipv4", filename: "acl" });
  const options = { host: router(), now: 0, events: false };
  const all = accepted(new Machine(ruleset, options), packets);
  const machine = new Machine(ruleset, { ...options, ...(indexFrom ? { indexFrom } : {}) });
  let at = 0;
  const firstPacket = cpuTime(() => void machine.receive("eth0", all[0]!.there, at));
  const opening: number[] = [];
  const established: number[] = [];
  for (let round = 0; round < times; round++) {
    at += 1000;
    opening.push(
      cpuTime(() => {
        for (const { there } of all) machine.receive("eth0", there, at);
      }),
    );
    for (const { back } of all) machine.receive("eth1", back, at + 1);
    established.push(
      cpuTime(() => {
        for (const { there } of all) machine.receive("eth0", there, at + 2);
      }),
    );
  }
  const each = (times: readonly number[]): number => (median(times) * 1000) / all.length;
  return { opening: each(opening), established: each(established), firstPacket };
}

/** Flows that the rules let through: all of them end in a connection and a frame. */
const accepted = (machine: Machine, count: number): readonly Flow[] =>
  flows(8 * count)
    .filter(({ there }) => machine.receive("eth0", there, 0).fate.verdict === "ACCEPT")
    .slice(0, count);

/** Prints a row a size: UDP packets from a router's one side to the other, conntrack and counters included, no events. */
export function benchEvaluate(counts: readonly number[] = [10, 100, 1000, 10_000, 160_000]): void {
  console.log("\nACL rules | new flow | answered flow | first packet | new flow, rule by rule");
  for (const count of counts) {
    const indexed = cost(count, undefined, flowCount, rounds);
    const plain = cost(
      count,
      Number.POSITIVE_INFINITY,
      Math.max(10, Math.min(flowCount, 2_000_000 / count)),
      plainRounds,
    );
    const micro = (value: number): string => `${value.toFixed(1)} µs`;
    console.log(
      `${count} | ${micro(indexed.opening)} | ${micro(indexed.established)} | ${indexed.firstPacket.toFixed(0)} ms | ${micro(plain.opening)}`,
    );
  }
}
