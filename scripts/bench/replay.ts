import { decodeCapture } from "../../src/capture/decode-capture.ts";
import { Replay } from "../../src/capture/replay.ts";
import { Machine } from "../../src/evaluate/machine.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { aclDump } from "./acl.ts";
import { type Flow, flows, router } from "./flows.ts";
import { cpuTime, median } from "./measure.ts";

const rounds = 5;
const chunk = 65536;

/** A pcap file of one side's frames, a microsecond apart. */
function pcap(frames: readonly Uint8Array[]): Uint8Array {
  const size = frames.reduce((sum, { length }) => sum + 16 + length, 24);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [at, word] of [0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1].entries())
    view.setUint32(4 * at, word, true);
  let at = 24;
  for (const [number, frame] of frames.entries()) {
    const header = [1000 + Math.floor(number / 1e6), number % 1e6, frame.length, frame.length];
    for (const [word, value] of header.entries()) view.setUint32(at + 4 * word, value, true);
    bytes.set(frame, at + 16);
    at += 16 + frame.length;
  }
  return bytes;
}

/** Prints how many packets a second a replay takes: both sides of a router, all packets forwarded, as `netverdict replay` counts them. */
export function benchReplay(ruleCount = 50, flowCount = 4000, packetsOfFlow = 25): void {
  const { ruleset } = parseRuleset(aclDump(ruleCount), { family: "ipv4", filename: "acl" });
  const all = flows(flowCount);
  const side = (frame: (flow: Flow) => Uint8Array): Uint8Array =>
    pcap(Array.from({ length: packetsOfFlow }, () => all.map(frame)).flat());
  const captures = [
    { label: { file: "eth0.pcap", device: "eth0" }, bytes: side(({ there }) => there) },
    { label: { file: "eth1.pcap", device: "eth1" }, bytes: side(({ back }) => back) },
  ];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const replay = new Replay({
      host: router(),
      family: "ipv4",
      machine: (now, host) => new Machine(ruleset, { host, now, events: false }),
      inDevice: undefined,
      fixChecksums: false,
      skipTruncated: false,
      flowLimit: 100_000,
    });
    const spent = cpuTime(() => {
      const decoders = captures.map(() => decodeCapture());
      for (let at = 0; at < captures[0]!.bytes.length; at += chunk) {
        for (const [index, { label, bytes }] of captures.entries()) {
          const decoder = decoders[index]!;
          decoder.push(bytes.subarray(at, at + chunk));
          for (let packet = decoder.next(); packet; packet = decoder.next()) replay.take(label, packet);
        }
      }
    });
    rates.push((replay.count.replayed * 1000) / spent);
  }
  console.log(`\nreplay through ${ruleCount} rules: ${Math.round(median(rates) / 1000)},000 packets/s`);
}
