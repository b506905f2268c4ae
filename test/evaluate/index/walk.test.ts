import { expect } from "chai";
import { machineWith, matchedRules } from "../a-host.ts";

/** Filter and mangle rules of one chain that no packet of these tests matches. */
const others = (chain: string, condition: (n: number) => string): string =>
  Array.from({ length: 200 }, (_, n) => `-A ${chain} ${condition(n)}`).join("\n");
const ssh = "-i eth0 -p tcp -s 198.51.100.7 -d 192.0.2.1 --dport 22 --syn";

describe("the walk through an indexed chain", () => {
  it("sees the mark that a rule of it sets", () => {
    const machine = machineWith(
      `*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -m mark --mark 7\n-A PREROUTING -j MARK --set-mark 7\n${others(
        "PREROUTING",
        (n) => `-m mark --mark ${100 + n}`,
      )}\n-A PREROUTING -m mark --mark 7\nCOMMIT\n`,
    );
    expect(matchedRules(machine.packet(ssh))).to.deep.equal(["PREROUTING:2", "PREROUTING:203"]);
  });

  it("sees the mark that was set in a chain which it comes back from", () => {
    const machine = machineWith(
      `*mangle\n:PREROUTING ACCEPT [0:0]\n:a - [0:0]\n-A a -j MARK --set-mark 7\n-A PREROUTING -j a\n${others(
        "PREROUTING",
        (n) => `-m mark --mark ${100 + n}`,
      )}\n-A PREROUTING -m mark --mark 7\nCOMMIT\n`,
    );
    expect(matchedRules(machine.packet(ssh))).to.deep.equal(["PREROUTING:1", "a:1", "PREROUTING:202"]);
  });

  it("goes on behind a rule that only counts, up to the first verdict", () => {
    const machine = machineWith(
      `*filter\n:INPUT DROP [0:0]\n-A INPUT -s 198.51.100.0/24\n${others(
        "INPUT",
        (n) => `-s 10.0.${n}.0/24 -j ACCEPT`,
      )}\n-A INPUT -i eth+ -p tcp\n-A INPUT -p tcp -m multiport --dports 80,22 -j ACCEPT\n-A INPUT\nCOMMIT\n`,
    );
    const trace = machine.packet(ssh);
    expect(matchedRules(trace)).to.deep.equal(["INPUT:1", "INPUT:202", "INPUT:203"]);
    expect(trace.fate.decision).to.deep.include({ chain: "INPUT", number: 203 });
  });

  it("meets rules that no hash tells apart in their order, between those that one does", () => {
    const kinds = [
      (n: number) => `! -s 10.0.${n}.0/24`,
      (n: number) => `-s 10.0.${n}.0/24`,
      () => "-s 198.51.100.7/32 -p tcp",
      () => "! -s 198.51.100.7/32",
    ];
    const rules = others("INPUT", (n) => kinds[n % 4]!(n));
    const machine = machineWith(`*filter\n:INPUT DROP [0:0]\n${rules}\nCOMMIT\n`);
    const met = Array.from({ length: 200 }, (_, n) => n).filter((n) => n % 2 === 0);
    expect(matchedRules(machine.packet(ssh))).to.deep.equal(met.map((n) => `INPUT:${n + 1}`));
  });

  it("lists near misses, for which it looks at each rule", () => {
    const rules = `*filter\n:INPUT DROP [0:0]\n${others("INPUT", (n) => `-s 10.0.${n}.0/24`)}\nCOMMIT\n`;
    const misses = machineWith(rules, { nearMisses: true })
      .packet(ssh)
      .events.filter(({ kind }) => kind === "near-miss");
    expect(misses).to.have.length(200);
  });
});
