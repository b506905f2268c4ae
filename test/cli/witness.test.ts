import { expect } from "chai";
import { netverdict, now } from "./fake-terminal.ts";

const rulesets = ["home-gateway/rules.v4", "web-server/canonical.save", "container-host/canonical.save"];
const at = ["--now", String(now)];

describe("netverdict witness", () => {
  for (const name of rulesets) {
    const rules = `fixtures/rulesets/${name}`;

    it(`writes a packets file for ${name} that trace runs`, async () => {
      const { status, out, err } = await netverdict(["witness", rules, ...at]);
      expect(status, err).to.equal(0);
      expect(err).to.match(/^\d+ of \d+ rules have a witness\n$/);
      const traced = await netverdict(["trace", rules, "--packets", "packets.yaml", ...at], {
        files: { "packets.yaml": out },
      });
      expect(traced.status, traced.err).to.equal(0);
    });

    it(`writes checks for ${name} that pass, each with the rule's own counter`, async () => {
      const { out } = await netverdict(["witness", rules, "--format", "checks", ...at]);
      const checked = await netverdict(["check", "policy.yaml", ...at], { files: { "policy.yaml": out } });
      expect(checked.status, checked.out).to.equal(0);
      expect(checked.out).to.match(/\n(\d+) of \1 checks pass\n$/);
      expect(out.match(/ {4}counters: /g)).to.have.length(Number(/\n(\d+) of/.exec(checked.out)?.[1]));
    });
  }

  it("names rules that no packet matches, with the reason", async () => {
    const rules = [
      "*filter",
      ":unused - [0:0]",
      "-A INPUT -p tcp -j DROP",
      "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
      "-A INPUT -p udp -m udp --dport 5:1 -j ACCEPT",
      "-A INPUT -m mark --mark 0x1/0x1 -m mark --mark 0x0/0x1 -j ACCEPT",
      "-A INPUT -m thing --that 1 -j ACCEPT",
      "-A unused -j ACCEPT",
      "COMMIT",
      "",
    ].join("\n");
    const { out } = await netverdict(["witness", "rules.v4", ...at], { files: { "rules.v4": rules } });
    expect(out).to.match(/^# filter\/INPUT:2: .*: the rules before it take every packet/m);
    expect(out).to.match(/^# filter\/INPUT:3: .*(contradict each other|is known to match)/m);
    expect(out).to.match(/^# filter\/unused:1: .*: no packet gets there$/m);
    expect(out).to.match(/depends on match `-m thing --that 1` is not modelled/);
  });

  it("gives JSON with a trace for each rule", async () => {
    const { out } = await netverdict([
      "witness",
      "fixtures/rulesets/home-gateway/rules.v4",
      ...at,
      "--format",
      "json",
    ]);
    const { version, shown, entries } = JSON.parse(out);
    expect([version, shown, entries.length]).to.deep.equal([1, 16, 16]);
    expect(entries[0].rule).to.include({ table: "filter", chain: "INPUT", number: 1 });
    expect(entries[0].witness).to.include({ confirmed: true, sent: 1 });
  });
});
