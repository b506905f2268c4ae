import { expect } from "chai";
import { traceJson } from "../../src/report/trace-json.ts";
import { forwarded, printRule, rejected } from "./hand-made.ts";

interface Phase {
  readonly number: number;
  readonly hook: string | null;
  readonly step: string;
  readonly events: readonly { readonly kind: string; readonly rule?: { readonly chain: string } }[];
}

/** What a reader of the text gets. */
const parsed = (trace: typeof forwarded) => JSON.parse(JSON.stringify(traceJson(trace, printRule)));

describe("traceJson", () => {
  it("says where each rule stands", () => {
    const { decision } = parsed(forwarded);
    expect(decision).to.deep.equal({
      kind: "rule",
      rule: {
        file: "gateway/rules.v4",
        line: 20,
        text: "-A WAN -d 10.0.0.9/32 -j ACCEPT",
        table: "filter",
        chain: "WAN",
        number: 3,
      },
    });
  });

  it("has the phases of the text", () => {
    const phases: readonly Phase[] = parsed(forwarded).phases;
    expect(phases.map(({ number, hook, step }) => [number, hook, step])).to.deep.equal([
      [1, "PREROUTING", "conntrack"],
      [2, "PREROUTING", "nat"],
      [3, "PREROUTING", "nat rewrite"],
      [4, null, "routing"],
      [5, "FORWARD", "filter"],
      [6, "POSTROUTING", "confirm"],
    ]);
    expect(phases[4]?.events.map((event) => event.kind)).to.deep.equal([
      "rule",
      "log",
      "rule",
      "near-miss",
      "rule",
    ]);
  });

  it("has what NAT rewrote and what left the host", () => {
    const { phases, emitted } = parsed(forwarded);
    expect(phases[2].events[0].rewrites).to.deep.equal([
      { end: "destination", before: "192.0.2.1:80", after: "10.0.0.9:8080" },
    ]);
    expect(emitted).to.have.length(1);
    expect(emitted[0].packet).to.include({ destination: "10.0.0.9", destinationPort: 8080, ttl: 63 });
    expect(emitted[0].frame).to.match(/^0200000001020200000001010800450000280000/);
  });

  it("names each assumption once", () => {
    expect(parsed(forwarded).assumptions).to.deep.equal(["10.0.0.0/24 is taken to be on eth1"]);
  });

  it("nests the trace of an answer", () => {
    const inner = parsed(rejected).phases[1].events[0].trace;
    expect(inner.packet).to.include({ what: "generated", protocol: "icmp", icmpType: 3, icmpCode: 3 });
    expect(inner.decision).to.deep.equal({ kind: "policy", table: "filter", chain: "OUTPUT" });
    expect(parsed(rejected).reason).to.equal("rejected");
  });
});
