import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  assumedHost,
  buildFrame,
  composePacket,
  Machine,
  parseRuleset,
  printRuleset,
  replyTo,
} from "../src/index.ts";

describe("the library", () => {
  it("does what the README shows", () => {
    const text = readFileSync("fixtures/rulesets/home-gateway/rules.v4", "utf8");
    const { ruleset, diagnostics } = parseRuleset(text, { family: "ipv4", filename: "rules.v4" });
    expect(diagnostics).to.deep.equal([]);
    expect(printRuleset(ruleset, { fileOrder: true })).to.equal(text.replace(/^#.*\n/gm, ""));

    const { value: packet } = composePacket(
      "-i eth0 -p tcp -s 198.51.100.7 -d 203.0.113.2 --dport 22 --syn",
      "ipv4",
    );
    if (!packet) throw new Error("no packet");
    const path = { inDevice: "eth0", outDevice: undefined, source: 0xc6336407, destination: 0xcb007102 };
    const host = assumedHost([path]);
    const mac = host.interfaces.get("eth0")?.mac ?? new Uint8Array(6);
    const machine = new Machine(ruleset, { host, now: 0 });
    const frame = buildFrame(mac, Uint8Array.of(2, 0, 0, 0, 0, 9), packet.bytes);
    const { fate } = machine.receive("eth0", frame, 1);
    expect(fate).to.include({ verdict: "ACCEPT", outcome: "delivered", hook: "INPUT" });
    expect(fate.decision).to.include({ kind: "rule", table: "filter", chain: "ssh", number: 1 });
    expect(printRuleset(machine.counters(), { counters: true })).to.include("[1:40] -A ssh -m limit");
    expect(machine.conntrack()).to.have.length(1);

    const answer = replyTo(packet.bytes);
    if (!answer) throw new Error("no answer");
    const reply = machine.send(answer, 1.01);
    expect(reply.fate).to.include({ verdict: "ACCEPT", outcome: "sent" });
    expect(reply.emitted.map(({ device }) => device)).to.deep.equal(["eth0"]);
  });

  it("does not write into what it is given, a Buffer's views among it", () => {
    const { ruleset } = parseRuleset("*nat\n-A PREROUTING -j DNAT --to-destination 10.0.0.9\nCOMMIT\n", {
      family: "ipv4",
    });
    const { value: packet } = composePacket("-i eth0 -o eth1 -p udp -d 192.0.2.1 --dport 53", "ipv4");
    if (!packet) throw new Error("no packet");
    const path = { inDevice: "eth0", outDevice: "eth1", source: 0xc6336407, destination: 0xc0000201 };
    const host = assumedHost([path]);
    const mac = host.interfaces.get("eth0")?.mac ?? new Uint8Array(6);
    const frame = Buffer.from(buildFrame(mac, Uint8Array.of(2, 0, 0, 0, 0, 9), packet.bytes));
    const before = frame.toString("hex");
    const machine = new Machine(ruleset, { host, now: 0 });
    const trace = machine.receive("eth0", frame, 1);
    expect(frame.toString("hex")).to.equal(before);
    const start = trace.events.find((event) => event.kind === "packet");
    expect(start && Buffer.from(start.bytes).toString("hex")).to.equal(before.slice(28));
  });
});
