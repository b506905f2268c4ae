import { readFileSync } from "node:fs";
import type { Effects, RecordedPacket, Recording } from "../../src/evaluate/recording.ts";
import { fromHex, toHex } from "../../src/packet/hex.ts";
import { answerTo } from "./answer.ts";
import { ipJson, run } from "./commands.ts";
import { changedLines, Lister } from "./listings.ts";
import { loadRules } from "./load-rules.ts";
import { openProxy } from "./proxy-sockets.ts";
import type { Input, Scenario, Step } from "./scenario.ts";
import { setUpHost } from "./set-up-host.ts";
import { slimAddresses } from "./slim.ts";
import { RawSockets, type Tap } from "./tap.ts";

const pause = new Int32Array(new SharedArrayBuffer(4));
const sleep = (milliseconds: number) => Atomics.wait(pause, 0, 0, milliseconds);

/**
 * Milliseconds between packets: more than a tick of the kernel's clock, and than such a tick is late on a busy machine. What
 * falls into one tick, a recording cannot tell.
 */
const leastPause = 20;

/** Does a scenario in the present network namespace, which must be a fresh one, and tells what the kernel did. */
export function askKernel(scenario: Scenario): Recording {
  const { family = "ipv4", backend = "legacy" } = scenario;
  const tables = `${family === "ipv6" ? "ip6tables" : "iptables"}-${backend}`;
  const tool = (name: string) => `${tables}-${name}`;
  const { taps, sysctl, sets, setsAt } = setUpHost(scenario);
  // nothing on the host may answer: this drop must be registered before the conntrack that the rules need, so that it runs
  // before conntrack's confirm registers behind it at the same priority
  run("nft", [
    "add table inet silent; add chain inet silent input { type filter hook input priority 2147483647; policy drop; }",
  ]);
  // in IPv6 the host reports the multicast groups that it has joined, which rules would count
  if (family === "ipv6") sleep(150);
  const closeProxy = scenario.rules.includes("-j TPROXY") ? openProxy(family) : undefined;
  const refused = loadRules(tool("restore"), scenario.rules);
  const started = Date.now() / 1000;
  // only then can a helper expect connections
  const lister = new Lister(tool("save"), family, /-j CT .*--helper/.test(scenario.rules));
  const loaded = lister.list().rules;

  const raw = new RawSockets();
  let before = loaded;
  let lastAt = 0;
  /** Sends one packet and looks at what it did. */
  const ask = (input: Input): RecordedPacket => {
    sleep(Math.max(0, lastAt + leastPause - Date.now()));
    lastAt = Date.now();
    const at = Math.round((Date.now() / 1000 - started) * 10000) / 10000;
    if ("frame" in input) taps.get(input.in)?.write(fromHex(input.frame));
    else raw.send(fromHex(input.packet));
    // what passes the loopback device is done a moment later
    sleep(1);
    const { rules, connections, expectations } = lister.list();
    const emitted = [...taps].flatMap(([name, tap]) =>
      framesFrom(tap).map((frame) => [name, toHex(frame)] as const),
    );
    const effects: Effects = {
      emitted,
      counters: changedLines(before, rules),
      conntrack: connections,
      ...(expectations === undefined ? {} : { expectations }),
    };
    before = rules;
    return { at, ...input, ...effects };
  };

  const asked: (RecordedPacket | undefined)[] = [];
  for (const tap of taps.values()) tap.read();
  for (const { wait, commands, ...step } of scenario.packets) {
    if (wait) sleep(wait * 1000);
    if (commands) {
      for (const command of commands) run("sh", ["-c", `${tables} ${command}`]);
      before = lister.list().rules;
    }
    const input = inputOf(step, asked);
    asked.push(input && { ...ask(input), ...(commands ? { commands } : {}) });
  }
  const recording: Recording = {
    ...(scenario.seed === undefined ? {} : { seed: scenario.seed }),
    kernel: readFileSync("/proc/sys/kernel/osrelease", "utf8").trim(),
    backend,
    family,
    rules: scenario.rules,
    sets,
    ...(setsAt === undefined ? {} : { setsAt }),
    host: {
      ...hostNow(family),
      sysctl: { ...sysctl, ...leftOn(refused) },
      ...(scenario.routes ? { commands: scenario.routes } : {}),
    },
    started,
    loaded,
    refused,
    packets: asked.filter((packet) => packet !== undefined),
  };
  for (const end of [...taps.values(), raw, lister]) end.close();
  closeProxy?.();
  return recording;
}

/** A rule with `connbytes` turns accounting on before anything of it can be refused. */
function leftOn(refused: Recording["refused"]): Recording["host"]["sysctl"] {
  if (!refused.some(([, line]) => line.includes("-m connbytes"))) return {};
  const name = "net.netfilter.nf_conntrack_acct";
  return { [name]: readFileSync(`/proc/sys/${name.replaceAll(".", "/")}`, "utf8").trim() };
}

/** What ip(8) lists of the host. Rules of routing only where there are more than every host has. */
function hostNow(family: "ipv4" | "ipv6"): Omit<Recording["host"], "sysctl"> {
  const ofFamily = family === "ipv6" ? ["-6"] : [];
  const rules = ipJson(...ofFamily, "rule");
  return {
    addresses: slimAddresses(ipJson("addr")),
    routes: ipJson(...ofFamily, "route", "show", "table", "all"),
    ...(Array.isArray(rules) && rules.length > (family === "ipv6" ? 2 : 3)
      ? family === "ipv6"
        ? { rules6: rules }
        : { rules }
      : {}),
    neighbours: ipJson("neigh"),
  };
}

const framesFrom = (tap: Tap): Uint8Array[] =>
  tap.read().filter((frame) => frame[12] !== 0x08 || frame[13] !== 0x06);

/** The step's bytes: known from the start, or an answer to what became of an earlier one. */
function inputOf(step: Step, asked: readonly (RecordedPacket | undefined)[]): Input | undefined {
  if (!("reply" in step)) return "frame" in step ? { in: step.in, frame: step.frame } : step;
  const answered = asked[step.reply.of];
  return answered && answerTo(answered, answered, step.reply);
}
