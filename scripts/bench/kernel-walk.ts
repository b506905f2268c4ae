import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { run } from "../../test/kernel/commands.ts";
import { unableToRecord } from "../../test/kernel/unable.ts";
import { aclDump } from "./acl.ts";
import { cpuTime, median } from "./measure.ts";

const rounds = 9;
/** Rules that the packets of a round meet together, so that a round of long lists takes about as long as one of short lists. */
const rulesMet = 4_000_000;
const fewest = 20;

/** What a child process is asked: the sizes of two access lists, and the Ethernet frames in hexadecimal. */
interface Question {
  readonly counts: readonly number[];
  readonly frames: readonly string[];
}

/** Why the kernel's walk cannot be measured here; `undefined` where it can. */
export const unableToWalk = unableToRecord;

/**
 * Microseconds of processor time that Linux takes to walk an access list of `count` rules with one packet: what forwarding the
 * frames costs beyond forwarding them through its first rule alone. `script` has to call `answerKernelWalk` for `--kernel-walk`.
 */
export function kernelWalk(script: string, count: number, frames: readonly Uint8Array[]): number {
  const some = frames.slice(0, Math.max(fewest, Math.floor(rulesMet / count)));
  const question: Question = {
    counts: [1, count],
    frames: some.map((frame) => Buffer.from(frame).toString("hex")),
  };
  const { status, stdout } = spawnSync("unshare", ["-n", process.execPath, script, "--kernel-walk"], {
    input: JSON.stringify(question),
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error("the kernel's walk was not measured");
  const [alone = Number.NaN, whole = Number.NaN] = stdout.toString().split(" ").map(Number);
  return whole - alone;
}

/** The child's part, in a network namespace of its own: prints the microseconds a frame takes through each of the lists. */
export async function answerKernelWalk(): Promise<void> {
  const { counts, frames: words }: Question = JSON.parse(readFileSync(0, "utf8"));
  const frames = words.map((word) => Uint8Array.from(Buffer.from(word, "hex")));
  const cables = await setUpRouter();
  const times = counts.map((count) => {
    run("iptables-legacy-restore", [], aclDump(count));
    return forwardingTime(cables, frames);
  });
  console.log(times.join(" "));
}

interface Cable {
  write(frame: Uint8Array): void;
  read(): readonly Uint8Array[];
}

/** The router of `flows.ts`, as a kernel's. */
async function setUpRouter(): Promise<readonly [Cable, Cable]> {
  // only here: the rest of the bench runs where TAP devices and koffi don't
  const { Tap } = await import("../../test/kernel/tap.ts");
  const cables = [new Tap("eth0"), new Tap("eth1")] as const;
  const off = ["all", "eth0", "eth1"].map((name) => `net.ipv4.conf.${name}.rp_filter=0`);
  run("sysctl", ["-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.disable_ipv6=1", ...off]);
  const commands = [
    "link set lo up",
    "link set eth0 address 02:00:00:00:00:01 up",
    "link set eth1 address 02:00:00:00:01:01 txqueuelen 4096 up",
    "addr add 192.0.2.1/24 dev eth0",
    "addr add 198.51.100.1/24 dev eth1",
    "neigh replace 192.0.2.254 lladdr 02:00:00:00:00:fe dev eth0 nud permanent",
    "neigh replace 198.51.100.254 lladdr 02:00:00:00:01:fe dev eth1 nud permanent",
    "route add 10.0.0.0/9 via 192.0.2.254",
    "route add 10.128.0.0/9 via 198.51.100.254",
  ];
  run("ip", ["-batch", "-"], `${commands.join("\n")}\n`);
  return cables;
}

/** A frame is forwarded while it is written (tun_get_user), so the time is this process's own. Each one begins a connection. */
function forwardingTime([here, there]: readonly [Cable, Cable], frames: readonly Uint8Array[]): number {
  const times = Array.from({ length: rounds }, () => {
    run("conntrack", ["-F"]);
    const spent = cpuTime(() => {
      for (const frame of frames) here.write(frame);
    });
    const forwarded = there.read().length;
    if (forwarded !== frames.length)
      throw new Error(`of ${frames.length} frames that the machine forwards, Linux forwards ${forwarded}`);
    return (spent * 1000) / frames.length;
  });
  return median(times);
}
