import { expect } from "chai";
import { netverdict, now } from "./fake-terminal.ts";

const rules = [
  "*filter",
  ":INPUT DROP [7:700]",
  "[3:120] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
  "-A INPUT -p udp -j REJECT",
  "-A OUTPUT -p icmp -j LOG",
  "COMMIT",
  "",
].join("\n");

const coverage = (files: Readonly<Record<string, string>>, ...words: readonly string[]) =>
  netverdict(["coverage", "rules.v4", ...Object.keys(files), ...words, "--now", String(now)], {
    files: { "rules.v4": rules, ...files },
  });

const ssh = `- "-i eth0 -p tcp --dport 22 --syn"\n`;
const policy = `version: 1
rules: elsewhere.v4
checks:
  - deny: "-i eth0 -p udp"
  - packet: "-i eth0 -p udp --dport 53"
    expect: { verdict: ACCEPT }
`;

describe("netverdict coverage", () => {
  it("names the rules and policies that no packet hit; a dump's own counters are none", async () => {
    const { status, out } = await coverage({ "flow.yaml": ssh });
    expect(status).to.equal(0);
    expect(out).to.match(/^rules\.v4: 1 of 3 rules hit \(33\.3 %\) by 1 packet\n\nnever hit:\n/);
    expect(out).to.include("  filter/INPUT:2, rules.v4:4: -A INPUT -p udp");
    expect(out).not.to.include("filter/INPUT:1");
    expect(out).to.match(/policies that decided nothing: filter\/INPUT/);
  });

  it("adds packets files and policies up, answers of the host among them", async () => {
    const { out } = await coverage({ "flow.yaml": ssh, "policy.yaml": policy }, "--format", "json");
    const { covered, total, packets, entries } = JSON.parse(out);
    expect([covered, total, packets]).to.deep.equal([3, 3, 2]);
    expect(entries[2]).to.include({ table: "filter", chain: "OUTPUT", number: 1, hits: 1, line: 5 });
  });

  it("writes an lcov tracefile over the rules' lines", async () => {
    const { out } = await coverage({ "flow.yaml": ssh }, "--format", "lcov");
    expect(out).to.equal("TN:\nSF:rules.v4\nDA:3,1\nDA:4,0\nDA:5,0\nLF:3\nLH:1\nend_of_record\n");
  });

  it("fails under a percentage", async () => {
    expect(await coverage({ "flow.yaml": ssh }, "--fail-under", "33")).to.have.property("status", 0);
    expect(await coverage({ "flow.yaml": ssh }, "--fail-under", "34")).to.have.property("status", 1);
    expect(await coverage({ "flow.yaml": ssh }, "--fail-under", "much")).to.have.property("status", 2);
  });

  it("replays a recording", async () => {
    const { out, status } = await netverdict([
      "coverage",
      "fixtures/rulesets/home-gateway/rules.v4",
      "fixtures/recordings/cluster-group-mac.json",
      "--format",
      "json",
    ]);
    expect(status).to.equal(0);
    expect(JSON.parse(out).packets).to.be.above(0);
  });

  it("says what is wrong with a file", async () => {
    expect(await coverage({ "flow.yaml": "- 5\n" })).to.have.property("status", 2);
    expect(await coverage({ "a.json": '{"loaded": 1, "packets": []}' })).to.have.property("status", 2);
  });
});

describe("netverdict check", () => {
  it("holds counters of a check against what its own packets counted", async () => {
    const own = `version: 1
rules: rules.v4
checks:
  - packet: "-i eth0 -p tcp --dport 22 --syn"
    counters: { "filter/INPUT:1": 1, "filter/INPUT:policy": 0 }
`;
    const { status, out } = await netverdict(["check", "policy.yaml"], {
      files: { "rules.v4": rules, "policy.yaml": own },
    });
    expect(status, out).to.equal(0);
  });
});
