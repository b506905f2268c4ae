import { expect } from "chai";
import { parseConnections } from "../../src/conntrack/parse-connections.ts";
import { crc32c } from "../../src/packet/crc32c.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { ipv4 } from "../conntrack/wire.ts";
import { eventsOf, machineWith, startOfTest } from "./a-host.ts";

const rules = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -p udp -j ACCEPT
COMMIT
*nat
-A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
`;
const masqueraded =
  "tcp 6 431000 ESTABLISHED src=10.0.0.9 dst=8.8.8.8 sport=40000 dport=443 src=8.8.8.8 dst=192.0.2.1 sport=443 dport=40000 [ASSURED] mark=7";
const asked =
  "udp 17 20 src=10.0.0.9 dst=8.8.8.8 sport=5353 dport=53 [UNREPLIED] src=8.8.8.8 dst=10.0.0.9 sport=53 dport=5353 mark=0";
const associated =
  "sctp 132 100 ESTABLISHED src=10.0.0.9 dst=8.8.8.8 sport=9 dport=9 src=8.8.8.8 dst=10.0.0.9 sport=9 dport=9 [ASSURED] mark=0";

/** 10.0.0.9:9 > 8.8.8.8:9 with a verification tag and one DATA chunk of four bytes. */
function sctpData(tag: number): Uint8Array {
  const payload = new Uint8Array(32);
  const view = new DataView(payload.buffer);
  view.setUint32(0, 0x0009_0009);
  view.setUint32(4, tag);
  view.setUint32(12, 0x0003_0014);
  view.setUint32(8, crc32c(payload, 0, 8), true);
  const macs = [Uint8Array.of(2, 0, 0, 0, 1, 1), Uint8Array.of(2, 0, 0, 0, 1, 9)] as const;
  return buildFrame(...macs, ipv4("10.0.0.9", "8.8.8.8", 132, payload).bytes);
}

const withConnections = (lines: readonly string[], text = rules) =>
  machineWith(text, { connections: parseConnections(lines.join("\n")).connections });

describe("a machine that is told of connections", () => {
  it("takes the segments of a connection for ESTABLISHED, turns replies back, and says what it could not know", () => {
    const bound = withConnections([masqueraded]);
    const trace = bound.packet(
      "-i eth0 -p tcp -s 8.8.8.8 --sport 443 -d 192.0.2.1 --dport 40000 --tcp-flags ALL ACK,PSH",
    );
    expect(eventsOf(trace, "conntrack")[0]?.state).to.equal("ESTABLISHED");
    expect(trace.fate).to.include({ verdict: "ACCEPT", outcome: "forwarded" });
    expect([...trace.emitted[0]!.frame.subarray(14 + 16, 14 + 20)]).to.deep.equal([10, 0, 0, 9]);
    expect(trace.assumptions.join()).to.contain("no TCP windows");
    expect(bound.machine.conntrack()[0]).to.match(/^tcp 6 432000 ESTABLISHED .* mark=7$/);
  });

  it("answers what was not answered yet", () => {
    const bound = withConnections([asked]);
    const trace = bound.packet("-i eth0 -p udp -s 8.8.8.8 --sport 53 -d 10.0.0.9 --dport 5353", 5);
    expect(eventsOf(trace, "conntrack")[0]?.state).to.equal("ESTABLISHED");
    expect(trace.assumptions).to.deep.equal([]);
  });

  it("forgets a connection when its seconds are over", () => {
    const bound = withConnections([asked]);
    const trace = bound.packet("-i eth0 -p udp -s 8.8.8.8 --sport 53 -d 10.0.0.9 --dport 5353", 21);
    expect(eventsOf(trace, "conntrack")[0]?.state).to.equal("NEW");
  });

  it("takes the first SCTP tag of each side for right, and no other one after it", () => {
    const bound = withConnections([associated]);
    const states = [5, 5, 6].map((tag, index) => {
      const trace = bound.machine.receive("eth1", sctpData(tag), startOfTest + index);
      return eventsOf(trace, "conntrack")[0]?.state;
    });
    expect(states).to.deep.equal(["ESTABLISHED", "ESTABLISHED", "INVALID"]);
  });

  it("tracks though no rule asks for it, and leaves the other family's connections alone", () => {
    const plain = "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n";
    const six =
      "udp 17 20 src=2001:db8::1 dst=2001:db8::2 sport=1 dport=2 src=2001:db8::2 dst=2001:db8::1 sport=2 dport=1 mark=0";
    expect(withConnections([six], plain).machine.conntrack()).to.deep.equal([]);
    expect(withConnections([asked, six], plain).machine.conntrack()).to.deep.equal([asked]);
  });
});
