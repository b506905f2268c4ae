/**
 * `npm run bench`, bundled as the command line is: how long reading, binding and printing 5,000 rules takes beside
 * `iptables-legacy-restore --test` in the same minute (as root; else without it), how many packets a second a machine traces,
 * what the analyses of all packets take, what packets cost against long chains beside Linux's own walk of them (as root;
 * `--evaluate`: these alone), what replays (`--replay`) and edits cost, and what floods of a million connections do to conntrack
 * (`--conntrack`: these alone), and what large ipsets cost (`--ipsets`: these alone). Medians; the ratios count, the
 * milliseconds are this computer's.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Machine } from "../src/evaluate/machine.ts";
import type { Host } from "../src/host/host.ts";
import { hostFromIpJson } from "../src/host/ip-json.ts";
import { parseRuleset } from "../src/model/parse-ruleset.ts";
import { printRuleset } from "../src/model/print.ts";
import { parseAddress } from "../src/packet/address.ts";
import { buildIpv4 } from "../src/packet/build.ts";
import { setTransportChecksum } from "../src/packet/checksum.ts";
import { buildFrame } from "../src/packet/ethernet.ts";
import { benchConntrack, floodConntrack } from "./bench/conntrack.ts";
import { benchEdits } from "./bench/edit.ts";
import { benchEvaluate } from "./bench/evaluate.ts";
import { benchIpsets } from "./bench/ipsets.ts";
import { answerKernelWalk } from "./bench/kernel-walk.ts";
import { benchLoad } from "./bench/load.ts";
import { median, time } from "./bench/measure.ts";
import { benchReplay } from "./bench/replay.ts";
import { benchSets } from "./bench-sets.ts";

const rounds = 7;

/** A dump of `count` rules of mixed kinds, as iptables-save would print them. */
function generatedDump(count: number): string {
  const kinds: readonly ((n: number) => string)[] = [
    (n) =>
      `-A INPUT -s 10.${(n >> 8) & 255}.${n & 255}.0/24 -p tcp -m tcp --dport ${1024 + (n % 60000)} -j ACCEPT`,
    (n) => `-A INPUT -i eth${n % 8} -p udp -m udp --sport ${n % 60000} -j DROP`,
    (n) =>
      `-A INPUT -d 192.0.2.${n % 256}/32 -p tcp -m multiport --dports 80,443,${2000 + (n % 50000)} -j ACCEPT`,
    (n) => `-A INPUT -s 198.51.100.${n % 256}/32 -m conntrack --ctstate NEW -j DROP`,
    (n) => `-A INPUT -p tcp -m tcp --dport ${n % 65536} -m comment --comment "rule ${n}" -j ACCEPT`,
  ];
  const rules = Array.from({ length: count }, (_, n) => kinds[n % kinds.length]?.(n));
  return `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules.join("\n")}\nCOMMIT\n`;
}

function restoreTest(dump: string): boolean {
  const command = ["-n", "iptables-legacy-restore", "--test"];
  return spawnSync("unshare", command, { input: dump, stdio: ["pipe", "ignore", "ignore"] }).status === 0;
}

function benchRules(count: number): void {
  const dump = generatedDump(count);
  const read = (): string => {
    const { ruleset, diagnostics } = parseRuleset(dump, { family: "ipv4", filename: "generated" });
    if (diagnostics.length > 0)
      throw new Error(`the generated dump is not clean: ${diagnostics[0]?.message}`);
    return printRuleset(ruleset);
  };
  const cold = time(() => {
    if (read() !== dump) throw new Error("printing does not give the dump back");
  });
  const compare = restoreTest(dump);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(time(read));
    if (compare) theirs.push(time(() => restoreTest(dump)));
  }
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  console.log(`${count} rules, parse + bind + print: ${ms(median(ours))} warm, ${ms(cold)} the first time`);
  if (compare) {
    const ratio = median(ours) / median(theirs);
    console.log(
      `iptables-legacy-restore --test:      ${ms(median(theirs))}; ratio ${ratio.toFixed(2)} (${rounds} rounds, taking turns)`,
    );
  } else {
    console.log("iptables-legacy-restore --test:      skipped, it needs root and the program");
  }
}

/** The gateway of the fixtures, so that packets have somewhere to go. */
function gateway(): Host {
  const read = (name: string): string => readFileSync(`fixtures/rulesets/home-gateway/host/${name}`, "utf8");
  return hostFromIpJson({
    addresses: JSON.parse(read("ip-addr.json")),
    routes: JSON.parse(read("ip-route.json")),
    neighbours: JSON.parse(read("ip-neigh.json")),
    sysctl: {},
  });
}

/** A SYN from outside to the gateway itself, from another port each time: each opens a connection. */
function synFrame(host: Host, port: number): Uint8Array {
  const source = parseAddress("203.0.113.77");
  const destination = parseAddress("203.0.113.2");
  const mac = host.interfaces.get("eth0")?.mac;
  if (typeof source !== "number" || typeof destination !== "number" || !mac) throw new Error("no gateway");
  const header = Uint8Array.of(port >> 8, port, 0, 23, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 4, 0, 0, 0, 0, 0);
  const packet = buildIpv4({ source, destination, protocol: 6, ttl: 64, payload: header });
  setTransportChecksum(packet);
  return buildFrame(mac, Uint8Array.of(2, 0, 0, 0, 0, 1), packet);
}

function benchPackets(count: number): void {
  const host = gateway();
  const { ruleset } = parseRuleset(generatedDump(count), { family: "ipv4", filename: "generated" });
  const machine = new Machine(ruleset, { host, now: 0 });
  const frames = Array.from({ length: 2000 }, (_, n) => synFrame(host, 1024 + n));
  let at = 0;
  const times = Array.from({ length: rounds }, () =>
    time(() => {
      for (const frame of frames) {
        at += 0.001;
        machine.receive("eth0", frame, at);
      }
    }),
  );
  const perSecond = Math.round(frames.length / (median(times) / 1000));
  console.log(`SYNs traced through ${count} rules that do not match: ${perSecond} a second`);
}

function benchAll(script: string): void {
  benchRules(5000);
  benchLoad();
  for (const count of [10, 100, 1000, 5000]) benchPackets(count);
  benchSets(5000);
  benchEvaluate(script);
  // in a process of its own, as the command has it
  spawnSync(process.execPath, [script, "--replay"], { stdio: "inherit" });
  benchEdits();
  benchIpsets();
  benchConntrack(script);
}

const [, script = "", command, flood] = process.argv;
if (command === "--flood") floodConntrack(Number(flood));
else if (command === "--kernel-walk") await answerKernelWalk();
else if (command === "--replay") benchReplay();
else if (command === "--evaluate") benchEvaluate(script);
else if (command === "--ipsets") benchIpsets();
else if (command === "--conntrack") benchConntrack(script);
else benchAll(script);
