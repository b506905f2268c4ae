import { expect } from "chai";
import fc from "fast-check";
import { replayWords } from "../../src/analyse/witness/stage.ts";
import { packetOptions } from "../../src/model/packet-options.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import type { Family } from "../../src/packet/address.ts";
import { transportChecksumOk } from "../../src/packet/checksum.ts";
import { toHex } from "../../src/packet/hex.ts";
import { checkIpHeader } from "../../src/packet/ip-header.ts";
import { Packet } from "../../src/packet/packet.ts";
import { summarise } from "../../src/packet/summary.ts";

function packet(words: string, family: Family = "ipv4") {
  const { value, diagnostics } = composePacket(words, family);
  expect(diagnostics.map((one) => one.message)).to.deep.equal([]);
  if (!value) throw new Error("no packet");
  return value;
}

describe("composePacket", () => {
  it("takes what iptables' words say", () => {
    const words =
      "-i eth0 -p tcp -s 198.51.100.9 --sport 41000 -d 192.0.2.5 --dport ssh --syn --ttl 7 --tos 0x10 --mark 0x20 --mac-source 02:00:00:00:00:0A --ctstate NEW";
    const value = packet(words);
    expect(summarise(value.bytes)).to.include({
      source: "198.51.100.9",
      destination: "192.0.2.5",
      protocol: 6,
      sourcePort: 41000,
      destinationPort: 22,
      ttl: 7,
    });
    expect(summarise(value.bytes).tcpFlags).to.deep.equal(["SYN"]);
    expect(value.bytes[1]).to.equal(0x10);
    expect(value).to.include({ inDevice: "eth0", outDevice: undefined, mark: 0x20, ctState: "NEW" });
    expect(toHex(value.macSource ?? new Uint8Array())).to.equal("02000000000a");
    expect(value.defaults).to.deep.equal([]);
  });

  it("takes what no byte of the packet shows", () => {
    const words = "-o eth0 -p tcp --syn --cpu 3 --cgroup 0x10 --path /a.slice/b --pol ipsec --genre Linux";
    expect(packet(words).told).to.deep.equal({
      cpu: 3,
      cgroup: 16,
      cgroupPath: "/a.slice/b",
      ipsec: true,
      genre: "Linux",
    });
    const bridged = packet("-i br0 -p tcp --syn --socket wildcard --physdev-in p1 --physdev-out p2");
    expect(bridged.told).to.deep.equal({ socket: "wildcard", bridgeIn: "p1", bridgeOut: "p2" });
    expect(packet("-i eth0 -p tcp --syn").told).to.deep.equal({});
    expect(composePacket("-i eth0 -p tcp --socket open", "ipv4").diagnostics[0]?.code).to.equal("bad-value");
  });

  it("names what it made up", () => {
    expect(packet("-i eth0 -p udp --dport 53").defaults).to.deep.equal([
      "source 198.51.100.7",
      "destination 192.0.2.1",
      "source port 40000",
    ]);
    const sent = packet("-o eth0");
    expect(summarise(sent.bytes)).to.include({
      source: "192.0.2.1",
      destination: "198.51.100.7",
      protocol: 6,
    });
    expect(sent.defaults).to.include("protocol tcp").and.to.include("TCP flag SYN");
    expect(packet("-i eth0 -p tcp --ctstate ESTABLISHED").defaults).to.include("TCP flag ACK");
  });

  it("reads TCP flags with one list or with iptables' two", () => {
    const flags = (words: string) => summarise(packet(`-p tcp --dport 1 ${words}`).bytes).tcpFlags;
    expect(flags("--tcp-flags SYN,ACK")).to.deep.equal(["SYN", "ACK"]);
    expect(flags("--tcp-flags ALL SYN,ACK")).to.deep.equal(["SYN", "ACK"]);
    expect(flags("--tcp-flags FIN,SYN,RST,ACK SYN -i eth0")).to.deep.equal(["SYN"]);
    expect(flags("--tcp-flags NONE")).to.deep.equal([]);
    expect(flags("--tcp-flags ALL NONE")).to.deep.equal([]);
  });

  it("makes ICMP packets, with a quoted packet in errors", () => {
    const echo = summarise(packet("-p icmp --icmp-type echo-request").bytes);
    expect(echo).to.include({ icmpType: 8, icmpCode: 0, icmpId: 1, length: 28 });
    const error = packet("-s 10.0.0.1 -d 10.0.0.2 -p icmp --icmp-type port-unreachable").bytes;
    expect(summarise(error)).to.include({ icmpType: 3, icmpCode: 3, length: 56 });
    expect(summarise(error.subarray(28))).to.include({ source: "10.0.0.2", destination: "10.0.0.1" });
    const six = packet("-p icmpv6 --icmpv6-type 128", "ipv6");
    expect(summarise(six.bytes)).to.include({ icmpType: 128, protocol: 58 });
  });

  it("gives other protocols a header, too: matches drop what has none", () => {
    const header = (words: string) => toHex(packet(words).bytes.subarray(20));
    expect(header("-p dccp --sport 7 --dport 33")).to.equal("000700210500000001000000000003e800000000");
    expect(header("-p esp")).to.equal("0000010000000001");
    expect(header("-p esp --espspi 0x12345678")).to.equal("1234567800000001");
    expect(header("-p ah --ahspi 9")).to.equal("3b0100000000000900000001");
    expect(header("-p ipcomp --ipcompspi 3")).to.equal("3b000003");
    const mobile = packet("-p mobility-header", "ipv6").bytes;
    expect(toHex(mobile.subarray(40))).to.equal("3b00000000000000");
    expect(packet("-p ipcomp").defaults).to.include("SPI 2");
  });

  it("gives SCTP an INIT whose checksum conntrack takes", () => {
    const rules = "*filter\n-A INPUT -m conntrack --ctstate NEW\nCOMMIT\n";
    const { ruleset } = parseRuleset(rules, { family: "ipv4" });
    for (const words of ["", "--string hello"]) {
      const trace = replayWords(`-i eth0 -p sctp --dport 36412 ${words}`, ruleset, 1767225600);
      const found = trace?.events.find(({ kind }) => kind === "conntrack");
      expect(found).to.include({ state: "NEW" });
    }
  });

  it("carries data and pads it", () => {
    const value = packet("-p tcp --dport 80 --string 'GET /' --length 100");
    expect(value.bytes.length).to.equal(100);
    expect(new TextDecoder().decode(value.bytes.subarray(40, 45))).to.equal("GET /");
    expect(toHex(packet("-p udp --dport 1 --hex-string '|de ad|x'").bytes.subarray(28))).to.equal("dead78");
  });

  it("makes a later fragment", () => {
    const bytes = packet("-p udp -f").bytes;
    expect(new Packet(bytes).fragmentOffset).to.equal(185);
    expect(bytes.length).to.equal(28);
  });

  it("takes argv as it stands, and joined forms", () => {
    const { value } = composePacket(["-ptcp", "--dport=22", "--string", "a b"], "ipv4");
    expect(new TextDecoder().decode(value?.bytes.subarray(40))).to.equal("a b");
  });

  const refused: readonly (readonly [words: string, code: string, at: string, help?: string])[] = [
    ["--dport 22", "option-missing", "--dport", "write -p tcp or -p udp as well"],
    ["--icmp-type 8", "option-missing", "--icmp-type", "write -p icmp as well"],
    ["-p icmp --dport 22", "option-conflict", "--dport"],
    ["--espspi 5", "option-missing", "--espspi", "write -p esp as well"],
    ["-p ipcomp --ipcompspi 65536", "bad-value", "65536"],
    ["-p tcp --dprot 22", "unknown-option", "--dprot", "did you mean `--dport`?"],
    ["-s 10.0.0.0/8", "bad-value", "10.0.0.0/8", "write one address of it"],
    ["-s 10.0.0.1,10.0.0.2", "bad-value", "10.0.0.1,10.0.0.2", "write one address of it"],
    ["-s 2001:db8::1", "bad-value", "2001:db8::1"],
    ["-s www.example.org", "bad-value", "www.example.org", "host names are not resolved: write the address"],
    ["-p tcp --dport 1:5", "bad-value", "1:5", "write one port of it"],
    ["-p tcp --dport 65536", "bad-value", "65536"],
    ["-p all", "bad-value", "all", "write e.g. -p tcp"],
    ["-p icmp --icmp-type any", "bad-value", "any", "write e.g. --icmp-type echo-request"],
    ["-i eth+", "bad-value", "eth+", "write one interface of it"],
    ["--mark 1/1", "bad-value", "1/1"],
    ["--ctstate NEW,RELATED", "bad-value", "NEW,RELATED"],
    ["! -s 10.0.0.1", "not-invertible", "!"],
    ["-s 10.0.0.1 -s 10.0.0.2", "repeated-option", "10.0.0.2"],
    ["-p", "missing-value", "-p"],
    ["eth0", "unexpected-value", "eth0"],
    ["-p udp -f --dport 53", "option-conflict", "--dport"],
    ["-p tcp --tcp-flags SYN ACK", "bad-value", "ACK"],
    ["-p tcp --dport 1 --length 30", "bad-value", "-p tcp --dport 1 --length 30"],
    ["-s '10.0.0.1", "syntax-error", "'"],
  ];
  for (const [words, code, at, help] of refused) {
    it(`refuses ${words}`, () => {
      const { value, diagnostics } = composePacket(words, "ipv4");
      expect(value).to.equal(undefined);
      const found = diagnostics.map((one) => ({
        code: one.code,
        at: one.source.text.slice(one.span.start, one.span.end),
        help: one.help,
      }));
      expect(found).to.deep.include({ code, at, help });
    });
  }

  it("gives a sound packet or a reason for any words", () => {
    const names = packetOptions.flatMap((option) => option.names);
    const values = [
      "10.0.0.1",
      "::1",
      "tcp",
      "icmp",
      "58",
      "22",
      "SYN",
      "ACK,FIN",
      "0x1/2",
      "8",
      "eth0",
      "",
      "!",
    ];
    const word = fc.oneof(
      fc.constantFrom(...names),
      fc.constantFrom(...values, "-4", "-6", "--length=60"),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 12 }),
        fc.constantFrom<Family>("ipv4", "ipv6"),
        (words, family) => {
          const { value, diagnostics } = composePacket(words, family);
          for (const { span, source } of diagnostics) expect(span.end).to.be.at.most(source.text.length);
          if (!value) {
            expect(diagnostics).not.to.deep.equal([]);
            return;
          }
          expect(checkIpHeader(value.bytes)).to.deep.include({ ok: true, length: value.bytes.length });
          const made = new Packet(value.bytes);
          if (made.fragmentOffset === 0) expect(transportChecksumOk(made)).to.equal(true);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
