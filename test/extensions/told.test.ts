import { expect } from "chai";
import { Machine } from "../../src/evaluate/machine.ts";
import { assumedHost } from "../../src/host/assumed-host.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { Packet } from "../../src/packet/packet.ts";

/** Whether a packet of the host's own hits the rule, and what that rests on. */
function send(rule: string, words: string): { hit: boolean; assumed: readonly string[] } {
  const { ruleset } = parseRuleset(`iptables -A OUTPUT ${rule} -j DROP\n`, { family: "ipv4" });
  const { value } = composePacket(`-o eth0 -p tcp --syn --uid-owner 7 ${words}`, "ipv4");
  if (!value) throw new Error(`no packet: ${words}`);
  const { source, destination } = new Packet(value.bytes);
  const host = assumedHost([{ inDevice: undefined, outDevice: "eth0", source, destination }]);
  const { owner, told } = value;
  const trace = new Machine(ruleset, { host, now: 1e9 }).send(value.bytes, 1e9, {
    told,
    ...(owner ? { owner } : {}),
  });
  return {
    hit: trace.events.some(({ kind }) => kind === "rule"),
    assumed: trace.assumptions.filter((text) => /told|known|modelled|quota|estimated/.test(text)),
  };
}

/** A rule, words that say what it asks for, and words that say otherwise. */
const cases: readonly (readonly [rule: string, yes: string, no: string])[] = [
  ["-m cpu --cpu 2", "--cpu 2", "--cpu 1"],
  ["-m cgroup --cgroup 5", "--cgroup 5", "--cgroup 6"],
  ["-m cgroup ! --path a.slice", "--path /b.slice", "--path /a.slice/deep"],
  ["-m physdev --physdev-is-out --physdev-is-bridged", "--physdev-in p1 --physdev-out p2", "--physdev-in p1"],
  ["-m policy --dir out --pol ipsec", "--pol ipsec", "--pol none"],
];

describe("what no packet shows", () => {
  for (const [rule, yes, no] of cases) {
    it(`${rule} takes it from the packet's words, and assumes nothing then`, () => {
      expect(send(rule, yes)).to.deep.equal({ hit: true, assumed: [] });
      expect(send(rule, no)).to.deep.equal({ hit: false, assumed: [] });
    });

    it(`${rule} says that it assumes where nobody told`, () => {
      expect(send(rule, "").assumed).to.have.length(1);
    });
  }

  it("is assumed of accounting objects, rates, IPVS and pinned programs", () => {
    expect(send("-m nfacct --nfacct-name web", "").hit).to.equal(true);
    for (const rule of [
      "-m nfacct --nfacct-name web",
      "-m rateest --rateest a --rateest-lt --rateest-bps 8bit",
      "-m ipvs --ipvs",
      "-m bpf --object-pinned /sys/fs/bpf/x",
    ]) {
      expect(send(rule, "").assumed, rule).to.have.length(1);
    }
  });
});
