import { expect } from "chai";
import { netverdict } from "./fake-terminal.ts";

const gateway = "fixtures/rulesets/home-gateway/rules.v4";
const find = (...words: readonly string[]) => netverdict(["find", ...words]);

/** Packets as `trace` shows them. */
async function verdictOf(words: string): Promise<string> {
  const { out } = await netverdict(["trace", gateway, "--format", "json", ...words.split(" ")]);
  return JSON.parse(out).packets[0].trace.verdict;
}

describe("netverdict find", () => {
  it("shows a packet that trace runs as well", async () => {
    const { status, out } = await find(
      gateway,
      "--verdict",
      "ACCEPT",
      ..."-- -i br-lan -p udp -m conntrack --ctstate NEW".split(" "),
    );
    expect(status).to.equal(0);
    expect(out).to.match(/^some {4}such packets are accepted, others are not\n/);
    const [, words = ""] = /packet {2}(.+)/.exec(out) ?? [];
    expect(await verdictOf(words)).to.equal("ACCEPT");
  });

  it("proves that there is none, with status 1", async () => {
    const { status, out } = await find(
      gateway,
      "--verdict",
      "ACCEPT",
      "--",
      ..."-i eth0 -p udp --dport 53 -m conntrack --ctstate NEW".split(" "),
    );
    expect(out).to.equal("never   proved: no such packet is accepted\n");
    expect(status).to.equal(1);
  });

  it("proves that all are", async () => {
    const { status, out } = await find(
      gateway,
      "--verdict",
      "ACCEPT",
      "-i",
      "lo",
      "-m",
      "conntrack",
      "--ctstate",
      "NEW",
    );
    expect(out).to.match(/^always {2}proved: every such packet is accepted\n/);
    expect(status).to.equal(0);
  });

  it("shows as many regions as asked, the ones that differ first", async () => {
    const { out } = await find(gateway, "--verdict", "ACCEPT", "--limit", "4", "--hook", "FORWARD");
    const packets = [...out.matchAll(/packet {2}(.+)/g)].map(([, words]) => words);
    expect(new Set(packets)).to.have.property("size", 4);
    expect(out).to.include("… there may be more regions of packets: --limit 0 shows one of each");
    const { out: all } = await find(
      gateway,
      "--verdict",
      "DROP",
      "--limit",
      "9",
      "--format",
      "json",
      "--",
      "-i",
      "eth0",
    );
    const regions: { witnesses: unknown[] }[] = JSON.parse(all).regions;
    expect(regions.reduce((sum, { witnesses }) => sum + witnesses.length, 0)).to.equal(9);
  });

  it("asks for a rule, and for a policy", async () => {
    const { status, out } = await find(gateway, "--rule", "filter/from-internet:2");
    expect(status).to.equal(0);
    expect(out).to.include("matched by filter/from-internet:2");
    const policy = await find(
      gateway,
      "--rule",
      "filter/INPUT:policy",
      "--verdict",
      "DROP",
      "--format",
      "json",
    );
    const { regions, answer } = JSON.parse(policy.out);
    expect(answer).to.equal("some");
    const shown = regions.find(({ witnesses }: { witnesses: unknown[] }) => witnesses.length > 0);
    expect(shown.by).to.deep.equal({ table: "filter", chain: "INPUT", policy: "DROP" });
    expect(shown.witnesses[0]).to.include({ confirmed: true, assumedState: null });
  });

  it("counts flows", async () => {
    const rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22:23 -j ACCEPT\nCOMMIT\n";
    const among = (...words: readonly string[]) =>
      netverdict(["find", "-", "--verdict", "ACCEPT", "--count", ...words], { stdin: rules });
    const words = "-i eth0 -s 198.51.100.0/31 -d 192.0.2.1 -p tcp --sport 4000".split(" ");
    const { status, out } = await among("--", ...words);
    expect(status).to.equal(0);
    expect(out).to.match(/\n\nINPUT {3}4 flows\n/);
    expect(await among("--", ...words, "--dport", "80")).to.have.property("status", 1);
  });

  it("says what it depends on where nothing can be shown", async () => {
    const rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -m made-up --thing 1 -j ACCEPT\nCOMMIT\n";
    const { status, out } = await netverdict(["find", "-", "--verdict", "ACCEPT", "--", "-i", "eth0"], {
      stdin: rules,
    });
    expect(out)
      .to.include("neither proved nor shown")
      .and.to.include("depends on match `-m made-up --thing 1`");
    expect(status).to.equal(2);
  });

  it("refuses what makes no question", async () => {
    expect(await find(gateway)).to.have.property("status", 2);
    expect(await find(gateway, "--rule", "filter/INPUT:99")).to.have.property("status", 2);
    expect(await find(gateway, "--rule", "INPUT")).to.have.property("status", 2);
    const wrong = await find(gateway, "--verdict", "DROP", "--", "-p", "tcp", "--dport", "http-ish");
    expect(wrong.status).to.equal(2);
    expect(wrong.err).to.include("http-ish");
    const hook = await find(gateway, "--verdict", "DROP", "--hook", "FORWARD", "--", "-i", "eth0");
    expect(hook).to.include({ status: 2 });
  });
});
