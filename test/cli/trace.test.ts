import { expect } from "chai";
import { netverdict, now } from "./fake-terminal.ts";

const rules = "fixtures/rulesets/home-gateway/rules.v4";
const snapshot = "fixtures/rulesets/home-gateway/host";
const web = [
  "-i",
  "eth0",
  "-p",
  "tcp",
  "-s",
  "198.51.100.7",
  "-d",
  "203.0.113.2",
  "--dport",
  "8080",
  "--syn",
];

describe("netverdict trace", () => {
  it("says what happens to a packet and why", async () => {
    const { status, out, err } = await netverdict(["trace", rules, "--snapshot", snapshot, ...web]);
    expect([status, err]).to.deep.equal([0, ""]);
    expect(out).to.match(/^packet {2}in eth0: tcp 198\.51\.100\.7:40000 -> 203\.0\.113\.2:8080 SYN/m);
    expect(out).to.match(/nat rewrite {2}destination 203\.0\.113\.2:8080 -> 192\.168\.1\.10:80$/m);
    expect(out).to.match(/^ {6}rules\.v4:18 {2}1 {4}-A from-internet .* -j ACCEPT$/m);
    expect(out).to.match(
      /^out {5}br-lan: tcp 198\.51\.100\.7:40000 -> 192\.168\.1\.10:80 SYN, 40 bytes, ttl 63$/m,
    );
    expect(out).to.match(/^verdict ACCEPT: forwarded$/m);
    expect(out).to.match(/^because rule 1 of filter\/from-internet, .*rules\.v4:18$/m);
  });

  it("takes its own options behind the packet too, and a packet behind --", async () => {
    const first = await netverdict(["trace", "--snapshot", snapshot, rules, "--", ...web]);
    const second = await netverdict(["trace", rules, ...web, "--snapshot", snapshot]);
    expect(second).to.deep.equal(first);
    expect(first.status).to.equal(0);
  });

  it("calls a drop an answer like any other", async () => {
    const { status, out } = await netverdict(["trace", rules, "-i", "eth0", "-p", "udp", "--dport", "161"]);
    expect(status).to.equal(0);
    expect(out).to.match(/^verdict DROP at INPUT: dropped$/m);
    expect(out).to.include("because no rule decided: the policy of filter/INPUT");
  });

  it("assumes what nobody told, and says so", async () => {
    const { out } = await netverdict(["trace", rules, "-i", "eth0", "-p", "tcp", "--syn"]);
    expect(out).to.match(/^assumed .*no snapshot/m);
    expect(out).to.include("source 198.51.100.7");
  });

  it("assumes a state when asked", async () => {
    const words = ["trace", rules, "-i", "eth0", "-p", "tcp", "--tcp-flags", "ALL", "ACK", "--dport", "9999"];
    expect((await netverdict([...words, "--ct-state", "ESTABLISHED"])).out).to.include("verdict ACCEPT");
    expect((await netverdict([...words, "--ct-state", "INVALID"])).out).to.include("rule 2 of filter/INPUT");
    expect((await netverdict([...words, "--ct-state", "SLEEPY"])).status).to.equal(2);
  });

  it("shows near misses with -v", async () => {
    const words = ["trace", rules, "-i", "eth1", "-p", "tcp", "--dport", "22", "--syn"];
    expect((await netverdict(words)).out).not.to.include("near miss");
    const { out } = await netverdict([...words, "-v"]);
    expect(out).to.match(
      /~4 {2}-A INPUT -i eth0 -p tcp .*-g ssh\n +near miss: .*eth0.*; the packet has .*eth1/,
    );
  });

  it("runs a flow and holds it to its expectations", async () => {
    const packets = "fixtures/rulesets/home-gateway/packets.yaml";
    const { status, out } = await netverdict(["trace", rules, "--snapshot", snapshot, "--packets", packets]);
    expect(out).to.match(/^9 of 9 expectations hold$/m);
    expect(out).to.match(/^== 2: the web server answers {2}at \+0\.02 s$/m);
    expect(status).to.equal(0);
  });

  it("exits 1 where an expectation does not hold", async () => {
    const files = { "flow.yaml": '- { packet: "-i eth0 -p udp --dport 53", expect: { verdict: ACCEPT } }\n' };
    const { status, out } = await netverdict(["trace", rules, "--packets", "flow.yaml"], { files });
    expect(status).to.equal(1);
    expect(out).to.include("NOT as expected: verdict is DROP, not ACCEPT");
    expect(out).to.include("0 of 1 expectations hold");
  });

  it("prints versioned JSON with the same facts", async () => {
    const { status, out } = await netverdict([
      "trace",
      rules,
      "--snapshot",
      snapshot,
      "--format",
      "json",
      ...web,
    ]);
    const report = JSON.parse(out);
    expect(status).to.equal(0);
    expect(report).to.include({ version: 1, rules, family: "ipv4", backend: "legacy" });
    expect(report.packets).to.have.length(1);
    expect(report.packets[0].at).to.equal(now);
    const { trace } = report.packets[0];
    expect(trace).to.include({ verdict: "ACCEPT", outcome: "forwarded", hook: "FORWARD" });
    expect(trace.decision.rule).to.include({
      file: rules,
      line: 18,
      table: "filter",
      chain: "from-internet",
      number: 1,
    });
    expect(trace.emitted[0].packet).to.include({ destination: "192.168.1.10", destinationPort: 80, ttl: 63 });
  });

  it("gives rules with -m time the time that it is told", async () => {
    const stdin = "iptables -A INPUT -m time --timestart 01:00 --timestop 10:00 -j DROP\n";
    const words = ["trace", "-", "-i", "eth0", "-p", "icmp", "--now"];
    expect((await netverdict([...words, "2026-03-01T02:00:00Z"], { stdin })).out).to.include("verdict DROP");
    expect((await netverdict([...words, "2026-03-01T11:00:00Z"], { stdin })).out).to.include(
      "verdict ACCEPT",
    );
    expect((await netverdict([...words, "teatime"], { stdin })).status).to.equal(2);
  });

  it("goes on without a refused line and says so", async () => {
    const stdin = "iptables -A INPUT --dport 22 -j DROP\niptables -P INPUT DROP\n";
    const { status, out, err } = await netverdict(["trace", "-", "-i", "eth0", "-p", "tcp"], { stdin });
    expect(status).to.equal(0);
    expect(err).to.match(/^stdin:1:\d+: error\[unknown-option\]/m);
    expect(out).to.include("left out, as the diagnostics say: 1 line of stdin");
  });

  for (const [what, words] of [
    ["no packet", []],
    ["a packet and --packets", ["--packets", "x.yaml", "-i", "eth0"]],
    ["words that are no packet", ["-i", "eth0", "--dprot", "22"]],
    ["a packet that comes from nowhere", ["-p", "tcp"]],
    ["a snapshot that is no folder", ["--snapshot", rules, "-i", "eth0"]],
    ["a packets file that is missing", ["--packets", "/no/such.yaml"]],
  ] as const) {
    it(`calls ${what} wrong use`, async () => {
      const { status, out, err } = await netverdict(["trace", rules, ...words]);
      expect([status, out]).to.deep.equal([2, ""]);
      expect(err).not.to.equal("");
    });
  }

  it("proposes the option that was meant", async () => {
    const { err } = await netverdict(["trace", rules, "-i", "eth0", "-p", "tcp", "--dprot", "22"]);
    expect(err).to.include("--dport");
  });

  it("points at what is wrong in a packets file", async () => {
    const files = { "flow.yaml": "- { packet: -i eth0, expects: {} }\n- { reply: false }\n" };
    const { status, err } = await netverdict(["trace", rules, "--packets", "flow.yaml"], { files });
    expect(status).to.equal(2);
    expect(err).to.match(/^flow\.yaml:1:22: unknown key `expects`$/m);
    expect(err).to.match(/^flow\.yaml:2:12: /m);
  });
});
