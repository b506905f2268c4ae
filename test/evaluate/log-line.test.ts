import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { Machine } from "../../src/evaluate/machine.ts";
import type { Trace } from "../../src/evaluate/trace.ts";
import { hostFromIpJson, type IpJson } from "../../src/host/ip-json.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { fromHex } from "../../src/packet/hex.ts";

/** What Linux wrote to its log for packets that LOG rules saw at every hook (nf_log_all_netns). */
interface LogRecording {
  readonly family: "ipv4" | "ipv6";
  readonly host: IpJson;
  readonly started: number;
  readonly loaded: readonly string[];
  readonly packets: readonly ({ readonly at: number } & (
    | { readonly in: string; readonly frame: string }
    | { readonly local: true; readonly packet: string }
  ))[];
  readonly lines: readonly string[];
}

const folder = "fixtures/log";

const linesOf = (trace: Trace): string[] =>
  trace.events.flatMap((event) =>
    event.kind === "log" ? [event.line] : event.kind === "answer" ? linesOf(event.trace) : [],
  );

/** The kernel draws the IP id of a packet of the host's own; a packet quoted in it keeps its own. */
const withoutDrawnId = (line: string): string =>
  line.includes("IN= OUT=") ? line.replace(/ ID=\d+/, " ID=") : line;

describe("LOG lines", () => {
  for (const name of readdirSync(folder)) {
    it(`reads ${name} as the kernel's log has it`, () => {
      const recording = JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as LogRecording;
      const { family, started } = recording;
      const { ruleset } = parseRuleset(`${recording.loaded.join("\n")}\n`, { family, filename: name });
      const machine = new Machine(ruleset, { host: hostFromIpJson(recording.host), now: started });
      const lines = recording.packets.flatMap((packet) => {
        const at = started + packet.at;
        return linesOf(
          "frame" in packet
            ? machine.receive(packet.in, fromHex(packet.frame), at)
            : machine.send(fromHex(packet.packet), at, { owner: { uid: 0, gid: 0 } }),
        );
      });
      expect(lines.map(withoutDrawnId)).to.deep.equal(recording.lines.map(withoutDrawnId));
    });
  }
});
