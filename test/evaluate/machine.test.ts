import { expect } from "chai";
import { replayWords } from "../../src/analyse/witness/stage.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printAddress } from "../../src/packet/address.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { Packet } from "../../src/packet/packet.ts";
import { replyTo } from "../../src/packet/reply.ts";
import { eventsOf, machineWith, startOfTest } from "./a-host.ts";

const forwardedPort = `*nat
-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.0.9:80
-A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i eth0 -d 10.0.0.9 -p tcp -m tcp --dport 80 -m conntrack --ctstate DNAT -j ACCEPT
COMMIT
`;
const toPort = "-i eth0 -p tcp -s 198.51.100.7 --sport 40000 -d 192.0.2.1 --dport 8080 --syn";

const ends = (frame: Uint8Array): string => {
  const packet = new Packet(frame.subarray(14));
  const end = (side: "source" | "destination", index: number) =>
    `${printAddress(packet[side])}:${packet.transportWord(index)}`;
  return `${end("source", 0)} > ${end("destination", 2)}`;
};

describe("a machine", () => {
  it("forwards through a DNAT and turns the reply back", () => {
    const { machine, packet } = bound(forwardedPort);
    const there = packet(toPort);
    expect(there.fate).to.deep.include({ verdict: "ACCEPT", outcome: "forwarded", hook: "FORWARD" });
    const [out] = there.emitted;
    expect(out?.device).to.equal("eth1");
    expect(ends(out!.frame)).to.equal("198.51.100.7:40000 > 10.0.0.9:80");
    const reply = replyTo(out!.frame.subarray(14))!;
    const macs = [Uint8Array.of(2, 0, 0, 0, 1, 1), Uint8Array.of(2, 0, 0, 0, 1, 9)] as const;
    const back = machine.receive("eth1", buildFrame(...macs, reply), startOfTest + 0.1);
    expect(ends(back.emitted[0]!.frame)).to.equal("192.0.2.1:8080 > 198.51.100.7:40000");
    expect(eventsOf(back, "conntrack")[0]?.state).to.equal("ESTABLISHED");
    expect(machine.conntrack()).to.have.length(1);
    expect(machine.conntrack()[0]).to.match(/^tcp 6 60 SYN_RECV src=198\.51\.100\.7 dst=192\.0\.2\.1 /);
  });

  it("does not change the bytes that it is given", () => {
    const { machine } = bound(forwardedPort);
    const frame = new Uint8Array(60);
    frame.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0xfe, 8, 0, 0x45, 0, 0, 20]);
    const before = frame.slice();
    machine.receive("eth0", frame, startOfTest);
    expect(frame).to.deep.equal(before);
  });

  it("leaves no connection behind of a packet that is dropped on its way", () => {
    const { machine, packet } = bound(forwardedPort);
    expect(packet("-i eth0 -p tcp -s 198.51.100.7 -d 10.0.0.9 --dport 80 --syn").fate.verdict).to.equal(
      "DROP",
    );
    expect(machine.conntrack()).to.deep.equal([]);
  });

  it("tracks nothing where no rule asks for it", () => {
    const { machine, packet } = bound("*filter\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n");
    const trace = packet("-i eth0 -p tcp -s 198.51.100.7 -d 192.0.2.1 --dport 22 --syn");
    expect(eventsOf(trace, "conntrack")).to.deep.equal([]);
    expect(machine.conntrack()).to.deep.equal([]);
  });

  it("lets limit's burst through, and one more for each token that time brings", () => {
    const { packet } = bound(
      "*filter\n:INPUT DROP [0:0]\n-A INPUT -m limit --limit 20/minute --limit-burst 10 -j ACCEPT\nCOMMIT\n",
    );
    const verdictAt = (after: number) =>
      packet("-i eth0 -p udp -s 198.51.100.7 -d 192.0.2.1 --dport 9", after).fate.verdict;
    const burst = Array.from({ length: 11 }, () => verdictAt(1));
    expect(burst).to.deep.equal([...Array(10).fill("ACCEPT"), "DROP"]);
    expect(verdictAt(3.9)).to.equal("DROP");
    expect(verdictAt(4.1)).to.equal("ACCEPT");
    expect(verdictAt(4.2)).to.equal("DROP");
  });

  it("answers with REJECT's packet, which passes OUTPUT itself", () => {
    const { machine, packet, counters } = bound(
      "*filter\n-A INPUT -p udp -j REJECT --reject-with icmp-admin-prohibited\n-A OUTPUT -p icmp -m icmp --icmp-type 3/13 -j ACCEPT\nCOMMIT\n",
    );
    const trace = packet("-i eth0 -p udp -s 198.51.100.7 -d 192.0.2.1 --dport 9");
    expect(trace.fate).to.deep.include({ verdict: "REJECT", outcome: "rejected", hook: "INPUT" });
    expect(trace.emitted).to.have.length(1);
    expect(trace.emitted[0]).to.deep.include({ device: "eth0", own: true });
    expect(counters("OUTPUT")).to.deep.equal(["1:56"]);
    expect(machine.conntrack()).to.deep.equal([]);
  });

  it("takes the state that a user assumes, and says so", () => {
    const rules =
      "*filter\n:INPUT DROP [0:0]\n-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\nCOMMIT\n";
    const words = "-i eth0 -p tcp -s 198.51.100.7 -d 192.0.2.1 --dport 22 --tcp-flags ACK";
    expect(bound(rules).packet(words).fate.verdict).to.equal("DROP");
    const assumed = bound(rules).packet(words, 0, { assumeState: "ESTABLISHED" });
    expect(assumed.fate.verdict).to.equal("ACCEPT");
    expect(assumed.assumptions.join()).to.contain("ESTABLISHED");
  });

  it("takes an assumed RELATED packet for the first one of a connection that was expected: the nat table is asked", () => {
    const rules = [
      "*nat",
      "-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.9:81",
      "COMMIT",
      "*filter",
      ":FORWARD DROP [0:0]",
      "-A FORWARD -d 10.0.0.9 -p tcp --dport 81 -m conntrack --ctstate RELATED --ctstatus EXPECTED -j ACCEPT",
      "COMMIT",
    ].join("\n");
    const { machine, packet } = bound(rules);
    const words = "-i eth0 -p tcp -s 198.51.100.7 -d 192.0.2.1 --dport 22 --syn";
    expect(packet(words, 0, { assumeState: "RELATED" }).fate.verdict).to.equal("ACCEPT");
    expect(machine.conntrack()).to.deep.equal([]);
    expect(packet(words, 1, { assumeState: "ESTABLISHED" }).fate.hook).to.equal("INPUT");
  });

  it("asks security before nat on INPUT with the legacy backend, behind it with nft", () => {
    const rules =
      "*nat\n-A INPUT -p udp -j SNAT --to-source 10.0.0.77\nCOMMIT\n*security\n-A INPUT -s 10.0.0.77/32 -j DROP\nCOMMIT\n";
    const words = "-i eth0 -p udp -s 198.51.100.7 -d 192.0.2.1 --dport 9";
    expect(bound(rules).packet(words).fate.outcome).to.equal("delivered");
    expect(bound(rules, "nft").packet(words).fate.outcome).to.equal("dropped");
  });

  it("routes a local packet again when a rule marks it or sends it elsewhere", () => {
    const { packet } = bound(
      "*nat\n-A OUTPUT -d 198.51.100.7 -p tcp -j DNAT --to-destination 10.0.0.9\nCOMMIT\n",
    );
    const trace = packet("-p tcp -s 192.0.2.1 -d 198.51.100.7 --dport 80 --syn");
    expect(trace.emitted[0]?.device).to.equal("eth1");
    expect(eventsOf(trace, "route").map(({ again }) => again)).to.deep.equal([false, true]);
  });

  it("gives up on a packet that a route sends back over lo while a rule renews its TTL, and says so", () => {
    const { ruleset } = parseRuleset("*mangle\n-A PREROUTING -j TTL --ttl-set 64\nCOMMIT\n", {
      family: "ipv4",
    });
    const trace = replayWords("-i eth0 -o lo -p udp -d 203.0.113.9", ruleset, startOfTest);
    expect(trace?.fate).to.include({ outcome: "dropped", hook: "POSTROUTING" });
    expect(trace?.assumptions).to.include("the packet comes back over lo for ever; not followed further");
  });

  it("tells the sender that the TTL ended, before FORWARD is asked", () => {
    const { packet, counters } = bound(
      "*filter\n-A FORWARD -j ACCEPT\n-A OUTPUT -p icmp -j ACCEPT\nCOMMIT\n",
    );
    const trace = packet("-i eth0 -p udp -s 198.51.100.7 -d 10.0.0.9 --dport 9 --ttl 1");
    expect(trace.fate.outcome).to.equal("dropped");
    expect(counters("FORWARD")).to.deep.equal(["0:0"]);
    expect(counters("OUTPUT")).to.deep.equal(["1:56"]);
  });

  it("calls frames that are no packets what they are, and throws at none", () => {
    const { machine } = bound("*filter\nCOMMIT\n");
    for (const length of [0, 1, 13, 14, 20, 33]) {
      const { fate } = machine.receive("eth0", new Uint8Array(length), startOfTest);
      expect(fate).to.deep.include({ verdict: "DROP", outcome: "dropped" });
    }
  });
});

/** The parts of a test machine, free to be called alone. */
function bound(rules: string, backend: "legacy" | "nft" = "legacy") {
  const test = machineWith(rules, { backend });
  return {
    machine: test.machine,
    packet: test.packet.bind(test),
    counters: test.counters.bind(test),
  };
}
