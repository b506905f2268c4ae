/**
 * Asks the running kernel what it does with a scenario and prints the recording (docs/recordings.md) as JSON.
 * Runs as `unshare -n node --import tsx test/kernel/judge.ts < scenario.json`, as root: the namespace and all in it
 * end with the process.
 */
import { readFileSync } from "node:fs";
import type { Effects, RecordedPacket } from "../../src/evaluate/recording.ts";
import { fromHex, toHex } from "../../src/packet/hex.ts";
import { answerTo } from "./answer.ts";
import { ipJson, run } from "./commands.ts";
import { changedLines, connectionLines, saveLines } from "./listings.ts";
import { loadRules } from "./load-rules.ts";
import type { Input, Scenario, Step } from "./scenario.ts";
import { setUpHost } from "./set-up-host.ts";
import { RawSocket, type Tap } from "./tap.ts";

const scenario = JSON.parse(readFileSync(0, "utf8")) as Scenario;
const { family = "ipv4", backend = "legacy" } = scenario;
const tool = (name: string) => `${family === "ipv6" ? "ip6tables" : "iptables"}-${backend}-${name}`;

const pause = new Int32Array(new SharedArrayBuffer(4));
const sleep = (milliseconds: number) => Atomics.wait(pause, 0, 0, milliseconds);

const { taps, sysctl } = setUpHost(scenario);
// nothing on the host may answer: this drop must be registered before the conntrack that the rules need, so that it runs
// before conntrack's confirm registers behind it at the same priority
run("nft", [
  "add table inet silent; add chain inet silent input { type filter hook input priority 2147483647; policy drop; }",
]);
// in IPv6 the host reports the multicast groups that it has joined, which rules would count
if (family === "ipv6") sleep(150);
const refused = loadRules(tool("restore"), scenario.rules);
const started = Date.now() / 1000;
const loaded = saveLines(tool("save"));

const raw = new RawSocket();

const framesFrom = (tap: Tap): Uint8Array[] =>
  tap.read().filter((frame) => frame[12] !== 0x08 || frame[13] !== 0x06);

let before = loaded;
/** Sends one packet and looks at what it did. */
function ask(input: Input): RecordedPacket {
  const at = Math.round((Date.now() / 1000 - started) * 10000) / 10000;
  if ("frame" in input) taps.get(input.in)?.write(fromHex(input.frame));
  else raw.send(fromHex(input.packet));
  // what passes the loopback device is done a moment later
  sleep(2);
  const emitted = [...taps].flatMap(([name, tap]) =>
    framesFrom(tap).map((frame) => [name, toHex(frame)] as const),
  );
  const after = saveLines(tool("save"));
  const effects: Effects = {
    emitted,
    counters: changedLines(before, after),
    conntrack: connectionLines(family),
  };
  before = after;
  return { at, ...input, ...effects };
}

/** The step's bytes: known from the start, or an answer to what became of an earlier one. */
function inputOf(step: Step): Input | undefined {
  if (!("reply" in step)) return "frame" in step ? { in: step.in, frame: step.frame } : step;
  const answered = asked[step.reply.of];
  return answered && answerTo(answered, answered, step.reply);
}

const asked: (RecordedPacket | undefined)[] = [];
for (const tap of taps.values()) tap.read();
for (const { wait, ...step } of scenario.packets) {
  if (wait) sleep(wait * 1000);
  const input = inputOf(step);
  asked.push(input && ask(input));
}

const recording = {
  ...(scenario.seed === undefined ? {} : { seed: scenario.seed }),
  kernel: readFileSync("/proc/sys/kernel/osrelease", "utf8").trim(),
  backend,
  family,
  rules: scenario.rules,
  sets: scenario.sets ?? null,
  host: {
    addresses: ipJson("addr"),
    routes: ipJson(...(family === "ipv6" ? ["-6"] : []), "route", "show", "table", "all"),
    neighbours: ipJson("neigh"),
    sysctl,
  },
  started,
  loaded,
  refused,
  packets: asked.filter((packet) => packet !== undefined),
};
process.stdout.write(`${JSON.stringify(recording)}\n`, () => process.exit(0));
