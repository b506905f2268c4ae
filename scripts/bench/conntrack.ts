import { spawnSync } from "node:child_process";
import { Machine } from "../../src/evaluate/machine.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { buildIpv4 } from "../../src/packet/build.ts";
import { setTransportChecksum } from "../../src/packet/checksum.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { router } from "./flows.ts";

interface Flood {
  readonly label: string;
  readonly packets: number;
  /** nf_conntrack_max. */
  readonly max: number;
  readonly nat?: true;
  /** One source and port, many destinations; else the other way round. */
  readonly scan?: true;
}

const floods: readonly Flood[] = [
  { label: "SYN flood, the table has room", packets: 1_000_000, max: 2_000_000 },
  { label: "SYN flood, the table is full at 200,000", packets: 600_000, max: 200_000 },
  { label: "port scan", packets: 1_000_000, max: 2_000_000, scan: true },
  { label: "port scan through SNAT", packets: 1_000_000, max: 2_000_000, scan: true, nat: true },
];

const filter =
  "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\n-A FORWARD -p tcp --syn -j ACCEPT\nCOMMIT\n";
const snat =
  "*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth1 -j SNAT --to-source 198.51.100.1\nCOMMIT\n";

const router0 = Uint8Array.of(2, 0, 0, 0, 0, 1);
const other = Uint8Array.of(2, 0, 0, 0, 9, 9);

/** The frame of a flood's n-th SYN: 16,384 ports, then the next address. */
function syn(n: number, isScan: boolean): Uint8Array {
  const [address, port] = [n >>> 14, 1024 + (n & 0x3fff)];
  const ports = isScan ? [40000, port] : [port, 80];
  const payload = new Uint8Array(20);
  const view = new DataView(payload.buffer);
  for (const [at, number] of ports.entries()) view.setUint16(2 * at, number);
  view.setUint32(4, n);
  payload.set([0x50, 0x02, 0xff, 0xff], 12);
  const source = 0x0a000001 + (isScan ? 0 : address);
  const destination = 0x0a800001 + (isScan ? address : 0);
  const packet = buildIpv4({ source, destination, protocol: 6, ttl: 64, payload });
  setTransportChecksum(packet);
  return buildFrame(router0, other, packet);
}

/** Prints what one flood costs: this process's memory counts, so it should have done nothing else. */
export function floodConntrack(index: number): void {
  const flood = floods[index];
  if (!flood) throw new Error(`no flood ${index}`);
  const { label, packets, max, nat, scan = false } = flood;
  const { ruleset } = parseRuleset((nat ? snat : "") + filter, { family: "ipv4", filename: "flood" });
  const host = router({
    "net.netfilter.nf_conntrack_max": `${max}`,
    "net.netfilter.nf_conntrack_buckets": "262144",
  });
  const machine = new Machine(ruleset, { host, now: 0, events: false });
  const before = process.memoryUsage().rss;
  let spent = 0;
  let longest = 0;
  let forwarded = 0;
  for (let n = 0; n < packets; n++) {
    const frame = syn(n, scan);
    const cpu = process.cpuUsage();
    const start = performance.now();
    const trace = machine.receive("eth0", frame, n / 1e6);
    const took = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    spent += took;
    // time in which other processes had the processor is no pause of ours
    longest = Math.max(longest, Math.min(took, (user + system) / 1000));
    if (trace.fate.outcome === "forwarded") forwarded++;
  }
  const memory = (process.memoryUsage().rss - before) / 1e6;
  console.log(
    `conntrack, ${label}: ${packets} packets, ${forwarded} forwarded; ${((1000 * spent) / packets).toFixed(1)} µs a packet, longest ${longest.toFixed(0)} ms, ${memory.toFixed(0)} MB`,
  );
}

/** Floods of a million connections, each in a process of its own: `script` has to call `floodConntrack` for `--flood N`. */
export function benchConntrack(script: string): void {
  for (const index of floods.keys())
    spawnSync(process.execPath, [script, "--flood", `${index}`], { stdio: "inherit" });
}
