import { expect } from "chai";
import { Machine } from "../../src/evaluate/machine.ts";
import { assumedHost } from "../../src/host/assumed-host.ts";
import type { Backend } from "../../src/model/hooks.ts";
import { nftRuleset } from "../../src/model/nft-match.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";
import { Packet } from "../../src/packet/packet.ts";

/** What iptables-nft-save 1.8.9 listed of rules that iptables-nft took; "=" for the same as iptables-legacy lists. */
const listed: readonly (readonly [rule: string, saves: string])[] = [
  ["-p tcp ! --sport 0:1023", "-p tcp -m tcp --sport 1024:65535"],
  ["-p tcp ! --dport 0:1023", "-p tcp -m tcp --dport 1024:65535"],
  ["-p udp ! --dport 0:1023", "-p udp -m udp --dport 1024:65535"],
  ["-p udp ! --dport :1", "-p udp -m udp --dport 2:65535"],
  ["-p tcp ! --dport 0:65534", "-p tcp -m tcp --dport 65535"],
  ["-p tcp ! --sport 0:1023 ! --dport 2000:65535", "-p tcp -m tcp --sport 1024:65535 ! --dport 2000:65535"],
  ["-p tcp ! --dport 0:1023 --syn", "-p tcp -m tcp --dport 1024:65535 --tcp-flags FIN,SYN,RST,ACK SYN"],
  ["-p tcp ! --dport 1024:", "="],
  ["-p tcp ! --dport 1:65535", "="],
  ["-p tcp ! --dport 1:65534", "="],
  ["-p tcp ! --dport 5:10", "="],
  ["-p tcp ! --dport 0", "="],
  ["-p tcp ! --dport 65535", "="],
  ["-p tcp --dport 0:1023", "="],
  ["-p tcp --dport 0:65535", "="],
  ["-p udp ! --dport 5:1", "="],
  ["-p udp ! --dport 1:0", "="],
  // what holds for no packet is lost, and the match with it where it asks nothing else
  ["-p tcp ! --dport 0:65535", "-p tcp"],
  ["-p udp ! --sport 0:65535", "-p udp"],
  ["-p tcp ! --dport 0:65535 --sport 5", "-p tcp -m tcp --sport 5"],
  ["-p udp ! --sport 0:65535 ! --dport 0:1023", "-p udp -m udp --dport 1024:65535"],
  ["-p tcp --tcp-flags NONE NONE", "="],
  ["-p tcp ! --tcp-flags NONE NONE", "-p tcp"],
  ["-p tcp --tcp-flags NONE SYN", "-p tcp"],
  ["-p tcp ! --tcp-flags NONE SYN ! --sport 0:65535", "-p tcp"],
  ["-p tcp ! --tcp-flags NONE NONE --dport 5", "-p tcp -m tcp --dport 5"],
  // a TCP option is none of nftables' own expressions in 1.8.9
  ["-p tcp ! --dport 0:1023 --tcp-option 5", "="],
  ["-p tcp --tcp-option 5 ! --tcp-flags NONE NONE", "="],
  // nor are the ranges of other matches
  ["-p tcp -m multiport ! --dports 0:1023", "="],
  ["-p sctp ! --dport 0:1023", "="],
  ["-p dccp ! --dport 0:1023", "="],
  ["-m length ! --length 0:100", "="],
  ["-m conntrack ! --ctorigdstport 0:1023", "="],
  [
    "-p tcp -m conntrack --ctstate NEW -m tcp ! --dport 0:5",
    "-p tcp -m conntrack --ctstate NEW -m tcp --dport 6:65535",
  ],
];

const parsed = (rule: string, chain = "INPUT") =>
  parseRuleset(`iptables -A ${chain} ${rule}\n`, { family: "ipv4" }).ruleset;
const line = (ruleset: ReturnType<typeof parsed>): string | undefined =>
  /^-A INPUT ?(.*)$/m.exec(printRuleset(ruleset))?.[1];

/** Whether a packet of the host's own hits the rule. */
function isHit(rule: string, backend: Backend, packet: string): boolean {
  const { value } = composePacket(`-o eth0 ${packet}`, "ipv4");
  if (!value) throw new Error(packet);
  const { source, destination } = new Packet(value.bytes);
  const host = assumedHost([{ inDevice: undefined, outDevice: "eth0", source, destination }]);
  const machine = new Machine(parsed(rule, "OUTPUT"), { host, now: 0, backend });
  machine.send(value.bytes, 0);
  return /\[1:\d+\] -A OUTPUT/.test(printRuleset(machine.counters(), { counters: true }));
}

describe("what iptables-nft keeps of rules", () => {
  for (const [rule, saves] of listed) {
    it(rule, () => {
      const legacy = line(parsed(rule));
      expect(line(nftRuleset(parsed(rule)))).to.equal(saves === "=" ? legacy : saves);
    });
  }

  it("is what the machine goes by", () => {
    const web = "-p tcp --dport 80";
    expect(isHit("-p tcp ! --dport 0:65535", "legacy", web)).to.equal(false);
    expect(isHit("-p tcp ! --dport 0:65535", "nft", web)).to.equal(true);
    expect(isHit("-p tcp ! --dport 0:65535 --sport 5", "nft", `${web} --sport 6`)).to.equal(false);
    for (const backend of ["legacy", "nft"] as const) {
      expect(isHit("-p tcp ! --dport 0:1023", backend, "-p tcp --dport 1023")).to.equal(false);
      expect(isHit("-p tcp ! --dport 0:1023", backend, "-p tcp --dport 1024")).to.equal(true);
    }
  });
});
