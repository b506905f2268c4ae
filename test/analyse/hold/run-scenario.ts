import { readFileSync } from "node:fs";
import type { Machine } from "../../../src/evaluate/machine.ts";
import { readRecording } from "../../../src/evaluate/recording.ts";
import type { Trace } from "../../../src/evaluate/trace.ts";
import type { Host } from "../../../src/host/host.ts";
import { hostFromIpJson } from "../../../src/host/ip-json.ts";
import type { Family } from "../../../src/packet/address.ts";
import { fromHex, toHex } from "../../../src/packet/hex.ts";
import { answerTo } from "../../kernel/answer.ts";
import type { Input, Scenario } from "../../kernel/scenario.ts";

const recordings: Readonly<Record<Family, string>> = { ipv4: "mixed-001", ipv6: "ipv6-001" };

/** The host of the kernel tests, as one of its recordings describes it. */
export function recordedHost(family: Family): Host {
  const read = readRecording(
    JSON.parse(readFileSync(`fixtures/recordings/${recordings[family]}.json`, "utf8")),
  );
  if (!read.ok) throw new Error(read.message);
  return hostFromIpJson(read.recording.host);
}

/** Sends a scenario's packets to the machine, one a second; replies are made of what the machine did. */
export function runScenario(
  { packets }: Scenario,
  machine: Machine,
  start: number,
  each: (send: () => Trace) => void,
): void {
  const asked: { readonly input: Input; readonly emitted: [string, string][] }[] = [];
  const answered: (Input | undefined)[] = [];
  let now = start;
  for (const { wait = 0, ...step } of packets) {
    now += 1 + wait;
    const before = "reply" in step ? answered[step.reply.of] : undefined;
    const known = before && asked.find(({ input }) => input === before);
    const input =
      "reply" in step
        ? known &&
          answerTo(
            known.input,
            { emitted: known.emitted, counters: [], conntrack: machine.conntrack() },
            step.reply,
          )
        : step;
    answered.push(input);
    if (!input) continue;
    each(() => {
      const trace =
        "frame" in input
          ? machine.receive(input.in, fromHex(input.frame), now)
          : machine.send(fromHex(input.packet), now, { owner: { uid: 0, gid: 0 }, rawSocket: true });
      asked.push({ input, emitted: trace.emitted.map(({ device, frame }) => [device, toHex(frame)]) });
      return trace;
    });
  }
}
