import { expect } from "chai";
import { printRuleset } from "../../src/model/print.ts";
import { buildIpv4 } from "../../src/packet/build.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { eventsOf, machineWith, matchedRules, startOfTest } from "./a-host.ts";

const filter = (rules: string, policy = "DROP", chains = ""): string =>
  `*filter\n:INPUT ${policy} [0:0]\n${chains}${rules}\nCOMMIT\n`;
const ssh = "-i eth0 -p tcp -s 198.51.100.7 -d 192.0.2.1 --dport 22 --syn";

describe("the walk through a table", () => {
  it("counts every rule that matches, and goes on behind one without a target", () => {
    const machine = machineWith(
      filter("-A INPUT -p tcp\n-A INPUT -p udp\n-A INPUT -j ACCEPT\n-A INPUT -p tcp"),
    );
    expect(machine.packet(ssh).fate.verdict).to.equal("ACCEPT");
    expect(machine.counters("INPUT")).to.deep.equal(["1:40", "0:0", "1:40", "0:0"]);
  });

  it("comes back behind a jump at RETURN and at a chain's end", () => {
    const machine = machineWith(
      filter(
        "-A INPUT -j a\n-A INPUT -j b\n-A INPUT -j ACCEPT\n-A a -j RETURN\n-A a -j DROP\n-A b -p udp -j DROP",
        "DROP",
        ":a - [0:0]\n:b - [0:0]\n",
      ),
    );
    expect(matchedRules(machine.packet(ssh))).to.deep.equal(["INPUT:1", "a:1", "INPUT:2", "INPUT:3"]);
  });

  it("does not come back from a goto: the caller's caller goes on", () => {
    const machine = machineWith(
      filter(
        "-A INPUT -j a\n-A INPUT -j ACCEPT\n-A a -g b\n-A a -j DROP\n-A b -p tcp",
        "DROP",
        ":a - [0:0]\n:b - [0:0]\n",
      ),
    );
    expect(matchedRules(machine.packet(ssh))).to.deep.equal(["INPUT:1", "a:1", "b:1", "INPUT:2"]);
  });

  it("ends with the policy after a goto out of a built-in chain", () => {
    const machine = machineWith(
      filter("-A INPUT -g a\n-A INPUT -j DROP\n-A a -p tcp", "ACCEPT", ":a - [0:0]\n"),
    );
    const { fate } = machine.packet(ssh);
    expect(fate.verdict).to.equal("ACCEPT");
    expect(fate.decision).to.deep.include({ kind: "policy", chain: "INPUT" });
  });

  it("takes RETURN in a built-in chain for the policy", () => {
    const machine = machineWith(filter("-A INPUT -j RETURN\n-A INPUT -j ACCEPT"));
    expect(machine.packet(ssh).fate).to.deep.include({ verdict: "DROP", outcome: "dropped" });
  });

  it("drops a packet whose header a match finds cut short, without counting the rule", () => {
    const { machine } = machineWith(filter("-A INPUT -p udp -m udp --dport 53\n-A INPUT -j ACCEPT"));
    const packet = buildIpv4({
      source: 0xc6336407,
      destination: 0xc0000201,
      protocol: 17,
      payload: new Uint8Array(6),
    });
    const frame = buildFrame(Uint8Array.of(2, 0, 0, 0, 0, 1), Uint8Array.of(2, 0, 0, 0, 0, 0xfe), packet);
    const { fate } = machine.receive("eth0", frame, startOfTest);
    expect(fate).to.deep.include({ verdict: "DROP", outcome: "dropped", hook: "INPUT" });
    expect(fate.decision).to.have.property("reason").that.contains("filter/INPUT:1");
    expect(printRuleset(machine.counters(), { counters: true })).to.not.match(/^\[1:/m);
  });

  it("names the one condition on which a rule failed", () => {
    const machine = machineWith(
      filter("-A INPUT -i eth0 -p tcp -m tcp --dport 23 -j ACCEPT\n-A INPUT -p udp -s 10.0.0.1 -j ACCEPT"),
      {
        nearMisses: true,
      },
    );
    const misses = eventsOf(machine.packet(ssh), "near-miss");
    expect(misses).to.have.length(1);
    expect(misses[0]).to.deep.include({
      number: 1,
      condition: "destination port is 23",
      found: "destination port 22",
    });
  });

  it("asks no stateful match for a near miss: limit keeps its tokens", () => {
    const rules = filter(
      "-A INPUT -p udp -m limit --limit 1/hour --limit-burst 1 -j ACCEPT\n-A INPUT -p tcp -m limit --limit 1/hour --limit-burst 1 -j ACCEPT",
    );
    const machine = machineWith(rules, { nearMisses: true });
    machine.packet(ssh);
    expect(machine.packet("-i eth0 -p udp -s 198.51.100.7 -d 192.0.2.1 --dport 9").fate.verdict).to.equal(
      "ACCEPT",
    );
  });

  it("takes an unknown match as not matching, an unknown target as going on, and says both", () => {
    const machine = machineWith(
      filter("-A INPUT -m geoip --src-cc DE -j DROP\n-A INPUT -j TARPIT\n-A INPUT -j ACCEPT"),
    );
    const { fate, assumptions } = machine.packet(ssh);
    expect(fate.verdict).to.equal("ACCEPT");
    expect(assumptions.filter((text) => /geoip|TARPIT/.test(text))).to.have.length(2);
  });
});
