import { Machine } from "../../src/evaluate/machine.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import type { Ruleset } from "../../src/model/ruleset.ts";
import { aclDump } from "./acl.ts";
import { type Flow, flows, router } from "./flows.ts";
import { kernelWalk, unableToWalk } from "./kernel-walk.ts";
import { cpuTime, median } from "./measure.ts";

const rounds = 15;
/** Of the walk rule by rule, whose packets take longer. */
const plainRounds = 3;
const flowCount = 2000;

/** Microseconds a packet takes through the whole path, and the milliseconds that the first one waits for the index. */
interface Cost {
  readonly opening: number;
  readonly established: number;
  readonly firstPacket: number;
}

interface Work {
  readonly ruleset: Ruleset;
  readonly flows: readonly Flow[];
  readonly rounds: number;
  readonly indexFrom?: number;
}

const machineOf = (ruleset: Ruleset, indexFrom?: number): Machine =>
  new Machine(ruleset, {
    host: router(),
    now: 0,
    events: false,
    ...(indexFrom === undefined ? {} : { indexFrom }),
  });

function cost({ ruleset, flows: all, rounds, indexFrom }: Work): Cost {
  const machine = machineOf(ruleset, indexFrom);
  let at = 0;
  const firstPacket = cpuTime(() => void machine.receive("eth0", all[0]!.there, at));
  const opening: number[] = [];
  const established: number[] = [];
  for (let round = 0; round < rounds; round++) {
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

/**
 * Prints a row a size: UDP packets from a router's one side to the other, conntrack and counters included, no events; beside
 * them what Linux takes for its walk of the same rules with the same packets, and how many times longer that is than all that
 * we do with a new flow.
 */
export function benchEvaluate(
  script: string,
  counts: readonly number[] = [10, 100, 1000, 2000, 10_000, 160_000],
): void {
  const unable = unableToWalk();
  if (unable) console.log(`\nthe walk of Linux: skipped, ${unable}`);
  const ours = "\nACL rules | new flow | answered flow | first packet | new flow, rule by rule";
  console.log(unable ? ours : `${ours} | the walk of Linux | times longer`);
  for (const count of counts) {
    const { ruleset } = parseRuleset(aclDump(count), { family: "ipv4", filename: "acl" });
    const some = accepted(machineOf(ruleset), flowCount);
    const indexed = cost({ ruleset, flows: some, rounds });
    const fewer = some.slice(0, Math.max(10, 2_000_000 / count));
    const plain = cost({
      ruleset,
      flows: fewer,
      rounds: plainRounds,
      indexFrom: Number.POSITIVE_INFINITY,
    });
    const micro = (value: number): string => `${value.toFixed(1)} µs`;
    const columns = [micro(indexed.opening), micro(indexed.established)];
    columns.push(`${indexed.firstPacket.toFixed(0)} ms`, micro(plain.opening));
    if (!unable) {
      const frames = some.map(({ there }) => there);
      const walk = kernelWalk(script, count, frames);
      // what is subtracted varies by more than this
      const isSeen = walk > 0.2;
      columns.push(
        isSeen ? micro(walk) : "too short to see",
        isSeen ? (walk / indexed.opening).toFixed(1) : "",
      );
    }
    console.log([count, ...columns].join(" | "));
  }
}
