import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { Machine } from "../../src/evaluate/machine.ts";
import type { Trace } from "../../src/evaluate/trace.ts";
import { hostFromIpJson, type IpJson } from "../../src/host/ip-json.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { fromHex } from "../../src/packet/hex.ts";

/**
 * Which rules packets hit on Linux 6.18, read from the counters behind each packet. The time of a packet is that of its
 * sending, and `started` is shifted by what the kernel's tick was off.
 */
interface RuleHits {
  readonly what: string;
  /** iptables-restore text. */
  readonly rules: readonly string[];
  readonly host: IpJson;
  /** Seconds since 1970 at which the rules had been loaded. */
  readonly started: number;
  readonly packets: readonly {
    /** Seconds since `started`. */
    readonly at: number;
    readonly in: string;
    readonly frame: string;
    /** `table/CHAIN:number`, of the host's answers as well. */
    readonly hits: readonly string[];
  }[];
}

const folder = new URL("../../fixtures/rule-hits/", import.meta.url);

const hitsOf = ({ events }: Trace): string[] =>
  events.flatMap((event) => {
    if (event.kind === "answer") return hitsOf(event.trace);
    return event.kind === "rule" ? [`${event.table}/${event.chain}:${event.number}`] : [];
  });

describe("the rules that packets hit on Linux", () => {
  for (const file of readdirSync(folder).sort()) {
    const recorded: RuleHits = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    it(`are hit here: ${recorded.what}`, () => {
      const { ruleset, diagnostics } = parseRuleset(recorded.rules.join("\n"), { family: "ipv4" });
      expect(diagnostics).to.deep.equal([]);
      const { host, started } = recorded;
      const machine = new Machine(ruleset, { host: hostFromIpJson(host), now: started });
      recorded.packets.forEach(({ at, frame, in: device, hits }, index) => {
        const trace = machine.receive(device, fromHex(frame), started + at);
        expect([...new Set(hitsOf(trace))].sort(), `packet ${index} at ${at}`).to.deep.equal(
          [...hits].sort(),
        );
      });
    });
  }
});
