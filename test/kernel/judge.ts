/**
 * Asks the running kernel what it does with a scenario and prints the recording (docs/recordings.md) as JSON.
 * Runs as `unshare -n node --import tsx test/kernel/judge.ts < scenario.json`, as root: the namespace and all in it
 * end with the process.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Effects, RecordedPacket } from "../../src/evaluate/recording.ts";
import { fromHex, toHex } from "../../src/packet/hex.ts";
import type { Scenario } from "./scenario.ts";
import { standardHost } from "./standard-host.ts";
import { RawSocket, Tap } from "./tap.ts";

const scenario = JSON.parse(readFileSync(0, "utf8")) as Scenario;
const six = scenario.family === "ipv6";
const flavour = scenario.backend === "nft" ? "nft" : "legacy";
const tool = (name: string) => `${six ? "ip6tables" : "iptables"}-${flavour}${name}`;

const run = (command: string, args: readonly string[], input?: string): string =>
  execFileSync(command, args, {
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
    stdio: ["pipe", "pipe", "ignore"],
  });
const ipJson = (...args: string[]): unknown => JSON.parse(run("ip", ["-j", ...args]) || "[]");

const sysctl: Record<string, string> = { ...standardHost.sysctl, ...scenario.sysctl };
const setSysctls = () => {
  for (const [name, value] of Object.entries(sysctl)) spawnSync("sysctl", ["-qw", `${name}=${value}`]);
};

run("ip", ["link", "set", "lo", "up"]);
const taps = new Map(standardHost.interfaces.map(({ name }) => [name, new Tap(name)] as const));
setSysctls();
for (const { name, mac, addresses } of standardHost.interfaces) {
  run("ip", ["link", "set", name, "address", mac]);
  run("ip", ["link", "set", name, "up"]);
  for (const address of addresses)
    run("ip", ["addr", "add", address, "dev", name, ...(address.includes(":") ? ["nodad"] : ["brd", "+"])]);
}
setSysctls();
for (const route of [...standardHost.routes, ...(scenario.routes ?? [])]) run("ip", route.split(" "));
for (const { address, device, mac } of standardHost.neighbours) {
  run("ip", ["neigh", "replace", address, "lladdr", mac, "dev", device, "nud", "permanent"]);
}
if (scenario.sets) run("ipset", ["restore"], scenario.sets);
// nothing on the host may answer: this drop runs before conntrack's confirm only if it is registered before it
run("nft", [
  "add table inet silent; add chain inet silent input { type filter hook input priority 2147483647; policy drop; }",
]);

const save = (): string[] =>
  run(tool("-save"), ["-c"])
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

/** Loads the rules; where the kernel refuses one, that one is taken out and the rest is tried again. */
function load(text: string): [string, string, string][] {
  const refused: [string, string, string][] = [];
  const lines = text.split("\n");
  for (;;) {
    const { status, stderr } = spawnSync(tool("-restore"), [], { input: lines.join("\n"), encoding: "utf8" });
    if (status === 0) return refused;
    const number = Number(/line:? (\d+)/.exec(stderr)?.[1] ?? 0);
    let at = number - 1;
    if (lines[at] === "COMMIT") at = culprit(lines, at);
    const line = lines[at];
    if (line === undefined || !line.startsWith("-")) throw new Error(`rules do not load: ${stderr}`);
    const table =
      lines
        .slice(0, at)
        .reverse()
        .find((other) => other.startsWith("*")) ?? "";
    refused.push([table.slice(1), line, stderr.trim()]);
    lines.splice(at, 1);
  }
}

/** The kernel refuses at COMMIT without saying which rule: the first one whose prefix of the table does not load. */
function culprit(lines: readonly string[], commit: number): number {
  const start = lines
    .slice(0, commit)
    .map((line) => line.startsWith("*"))
    .lastIndexOf(true);
  for (let end = start + 1; end < commit; end++) {
    if (!lines[end]?.startsWith("-")) continue;
    const chains = lines.slice(start, commit).filter((line) => line.startsWith("*") || line.startsWith(":"));
    const rules = lines.slice(start, end + 1).filter((line) => line.startsWith("-"));
    const input = [...chains, ...rules, "COMMIT", ""].join("\n");
    if (spawnSync(tool("-restore"), ["--test"], { input }).status !== 0) return end;
    if (spawnSync(tool("-restore"), [], { input }).status !== 0) return end;
  }
  return -1;
}

const refused = load(scenario.rules);
const started = Date.now() / 1000;
const loaded = save();
const raw = new RawSocket();
const pause = new Int32Array(new SharedArrayBuffer(4));
const sleep = (milliseconds: number) => Atomics.wait(pause, 0, 0, milliseconds);

const tableOf = (lines: readonly string[]): (readonly [string, string])[] => {
  let table = "";
  return lines.map((line) => {
    if (line.startsWith("*")) table = line.slice(1);
    return [table, line] as const;
  });
};

const connections = (): string[] => {
  const { stdout } = spawnSync("conntrack", ["-L", ...(six ? ["-f", "ipv6"] : [])], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) =>
      line
        .replace(/ use=\d+/, "")
        .replace(/ +/g, " ")
        .trim(),
    )
    .sort();
};

for (const tap of taps.values()) tap.read();
let before = loaded;
const packets: RecordedPacket[] = [];
for (const step of scenario.packets) {
  if (step.wait) sleep(step.wait * 1000);
  const at = Math.round((Date.now() / 1000 - started) * 10000) / 10000;
  if ("frame" in step) taps.get(step.in)?.write(fromHex(step.frame));
  else raw.send(fromHex(step.packet));
  sleep(2);
  const emitted = [...taps].flatMap(([name, tap]) =>
    tap
      .read()
      .filter((frame) => frame[12] !== 0x08 || frame[13] !== 0x06)
      .map((frame) => [name, toHex(frame)] as const),
  );
  const after = save();
  const counters = tableOf(after).filter(([, line], index) => line !== before[index]);
  before = after;
  const effects: Effects = { emitted, counters, conntrack: connections() };
  const { wait: _, ...input } = step;
  packets.push({ ...input, at, ...effects } as RecordedPacket);
}

const recording = {
  ...(scenario.seed === undefined ? {} : { seed: scenario.seed }),
  kernel: readFileSync("/proc/sys/kernel/osrelease", "utf8").trim(),
  backend: scenario.backend ?? "legacy",
  family: scenario.family ?? "ipv4",
  rules: scenario.rules,
  sets: scenario.sets ?? null,
  host: {
    addresses: ipJson("addr"),
    routes: ipJson(...(six ? ["-6"] : []), "route", "show", "table", "all"),
    neighbours: ipJson("neigh"),
    sysctl,
  },
  started,
  loaded,
  refused,
  packets,
};
process.stdout.write(`${JSON.stringify(recording)}\n`, () => process.exit(0));
