import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { CaptureHost } from "../../src/capture/capture-host.ts";
import type { CapturedPacket, PacketSource } from "../../src/capture/captured-packet.ts";
import { decodeCapture } from "../../src/capture/decode-capture.ts";
import { mergeCaptures } from "../../src/capture/merge-captures.ts";
import { Replay, type ReplaySettings } from "../../src/capture/replay.ts";
import { Machine } from "../../src/evaluate/machine.ts";
import { type Recording, readRecording } from "../../src/evaluate/recording.ts";
import { replayRecording } from "../../src/evaluate/replay-recording.ts";
import { hostFromIpJson } from "../../src/host/ip-json.ts";
import { setFamilies } from "../../src/host/ipset/ipsets.ts";
import { parseIpsets } from "../../src/host/ipset/parse-ipsets.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { packetsOf } from "./packets-of.ts";
import { writePcap } from "./pcap-writer.ts";

const folder = "fixtures/recordings";

function recordings(): readonly { readonly name: string; readonly recording: Recording }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const read = readRecording(JSON.parse(readFileSync(`${folder}/${name}`, "utf8")));
      return read.ok ? [{ name, recording: read.recording }] : [];
    });
}

/** In hexadecimal: a frame with its Ethernet header and 1,500 bytes, the MTU of recordings' interfaces. */
const longestFrame = 2 * 1514;

/**
 * Only what came in, to the host or a group: a capture also has frames that no host takes, and replays leave those out. What is
 * longer than the MTU a replay takes for packets that the network card merged, while a recording's came so.
 */
const isReceived = ({ packets }: Recording): boolean =>
  packets.length > 0 &&
  packets.every(
    (packet) => "frame" in packet && packet.frame.length >= 28 && packet.frame.length <= longestFrame,
  );

const usual = { inDevice: undefined, fixChecksums: false, skipTruncated: false, flowLimit: 100 } as const;

/** Writes a recording's packets as captures, one for each interface, and replays them. */
async function replayed(recording: Recording): Promise<Replay> {
  const { started, backend, host: json, family = "ipv4" } = recording;
  const { ruleset, sets } = rulesOf(recording);
  const host = hostFromIpJson(json);
  const frames = new Map<string, { at: number; bytes: Uint8Array }[]>();
  for (const packet of recording.packets) {
    if (!("frame" in packet)) continue;
    const list = frames.get(packet.in) ?? [];
    frames.set(packet.in, list);
    list.push({ at: started + packet.at, bytes: fromHex(packet.frame) });
  }
  const replay = new Replay({
    ...usual,
    host,
    family,
    machine: (_start, offloadHost) =>
      new Machine(ruleset, { host: offloadHost, now: started, backend, sets }),
  });
  const captures = [...frames].map(([device, list]) => {
    const decoder = decodeCapture();
    decoder.push(writePcap(list, { nanoseconds: true }));
    return { label: { file: device, device }, portions: portions(packetsOf(decoder)) };
  });
  await mergeCaptures(captures, (label, packet) => replay.take(label, packet));
  return replay;
}

async function* portions(packets: readonly CapturedPacket[]): AsyncGenerator<PacketSource> {
  for (const packet of packets) {
    let next: CapturedPacket | undefined = packet;
    yield {
      next: () => {
        const given = next;
        next = undefined;
        return given;
      },
    };
  }
}

function rulesOf({ sets, loaded, family = "ipv4" }: Recording) {
  const read = typeof sets === "string" ? parseIpsets(sets, "sets") : undefined;
  const options = { family, filename: "rules", ...(read && { sets: setFamilies(read.ipsets) }) };
  return { ...parseRuleset(`${loaded.join("\n")}\n`, options), sets: read?.ipsets };
}

const counters = (machine: Machine | undefined): string =>
  machine ? printRuleset(machine.counters(), { counters: true }) : "";

function eager(settings: Partial<ReplaySettings> = {}): Replay {
  const { ruleset } = parseRuleset(
    "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m conntrack --ctstate NEW\nCOMMIT\n",
    {
      family: "ipv4",
      filename: "rules",
    },
  );
  const host = settings.host ?? new CaptureHost({ addresses: [], outDevice: undefined });
  const machine: ReplaySettings["machine"] = (now, offloadHost) =>
    new Machine(ruleset, { host: offloadHost, now });
  return new Replay({ ...usual, family: "ipv4", machine, ...settings, host });
}

describe("Replay", () => {
  it("reaches the counters that recordings have, from captures of each interface", async () => {
    let compared = 0;
    for (const { name, recording } of recordings().filter((one) => isReceived(one.recording))) {
      const replay = await replayed(recording);
      if (replay.count.skipped.size > 0) continue;
      const { ruleset, sets } = rulesOf(recording);
      expect(counters(replay.machine), name).to.equal(counters(replayRecording(recording, ruleset, sets)));
      compared++;
    }
    expect(compared).to.be.above(20);
  });

  it("never throws, whatever was captured", () => {
    const packet = fc.record({
      at: fc.integer({ min: -5, max: 100 }),
      linkType: fc.constantFrom(0, 1, 101, 108, 113, 228, 229, 276, 7),
      bytes: fc.uint8Array({ maxLength: 90 }),
      more: fc.nat(60),
      version: fc.constantFrom(0x45, 0x60, 0x46),
      family: fc.constantFrom("ipv4" as const, "ipv6" as const),
      direction: fc.constantFrom("inbound" as const, "outbound" as const),
    });
    fc.assert(
      fc.property(fc.array(packet), (list) => {
        const four = eager();
        const six = eager({ family: "ipv6", fixChecksums: true });
        for (const { at, linkType, bytes, more, version, direction, family } of list) {
          if (linkType === 101 && bytes.length > 0) bytes[0] = version;
          const source = { linkType };
          const captured = { at, source, bytes, originalLength: bytes.length + more, direction, offset: 0 };
          (family === "ipv4" ? four : six).take({ file: "x", device: "eth0" }, captured);
        }
        for (const { count } of [four, six]) {
          const skipped = [...count.skipped.values()].reduce((sum, one) => sum + one, 0);
          expect(count.replayed + count.left + skipped).to.equal(count.packets);
        }
      }),
      { numRuns: 300 },
    );
  });
});
