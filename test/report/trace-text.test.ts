import { expect } from "chai";
import { colourStyle, plainStyle } from "../../src/report/style.ts";
import { traceText } from "../../src/report/trace-text.ts";
import { forwarded, printRule, rejected } from "./hand-made.ts";

const plain = { style: plainStyle, printRule, verbose: false };

describe("traceText", () => {
  it("shows a port-forward phase by phase, the verdict and its reason last", () => {
    expect(traceText(forwarded, plain).split("\n")).to.deep.equal([
      "packet  in eth0: tcp 198.51.100.7:40000 -> 192.0.2.1:80 SYN, 40 bytes, ttl 64",
      "",
      "  1  PREROUTING   conntrack    NEW: no entry has this tuple",
      "  2  PREROUTING   nat",
      "      rules.v4:5  1  -A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.9:8080",
      "  3  PREROUTING   nat rewrite  destination 192.0.2.1:80 -> 10.0.0.9:8080",
      "  4               routing      10.0.0.0/24 dev eth1",
      "  5  FORWARD      filter",
      '      rules.v4:11  1  -A FORWARD -j LOG --log-prefix "fwd: "',
      "                        log: fwd: IN=eth0 OUT=eth1",
      "      rules.v4:12  2  -A FORWARD -i eth0 -j WAN",
      "      rules.v4:20  3    -A WAN -d 10.0.0.9/32 -j ACCEPT",
      "  6  POSTROUTING  confirm      tcp 6 119 SYN_SENT src=198.51.100.7 dst=192.0.2.1 sport=40000 dport=80",
      "                               [UNREPLIED] src=10.0.0.9 dst=198.51.100.7 sport=8080 dport=40000 mark=0",
      "",
      "out     eth1: tcp 198.51.100.7:40000 -> 10.0.0.9:8080 SYN, 40 bytes, ttl 63",
      "verdict ACCEPT: forwarded",
      "because rule 3 of filter/WAN, gateway/rules.v4:20",
      "        -A WAN -d 10.0.0.9/32 -j ACCEPT",
      "assumed 10.0.0.0/24 is taken to be on eth1",
      "",
    ]);
  });

  it("shows near misses only when asked", () => {
    expect(traceText(forwarded, plain)).not.to.include("near miss");
    const text = traceText(forwarded, { ...plain, verbose: true });
    expect(text).to.include("rules.v4:18  ~1    -A WAN -p tcp -m tcp --dport 22 -j ACCEPT");
    expect(text).to.include("near miss: destination port is 22; the packet has destination port 8080");
  });

  it("shows the host's answer as a trace within the trace", () => {
    const text = traceText(rejected, plain);
    expect(text).to.match(/^ {2}2 {2}INPUT {8}answer/m);
    expect(text).to.match(/^ {6}packet {2}made by this host: icmp 192\.0\.2\.1 -> 198\.51\.100\.7 /m);
    expect(text).to.match(/^ {6}because no rule decided: the policy of filter\/OUTPUT$/m);
    expect(text).to.match(/^verdict REJECT at INPUT: dropped, and the sender told$/m);
    // what the answer sent is the answer's own, not the packet's
    expect(text).not.to.match(/^out /m);
  });

  it("gives the same text under colour", () => {
    const coloured = traceText(forwarded, { ...plain, style: colourStyle });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is looked for
    expect(coloured.replace(/\u001b\[\d+m/g, "")).to.equal(traceText(forwarded, plain));
    expect(coloured).to.include("\u001b[32m");
  });

  it("lets no control character of a rule through to the terminal", () => {
    const text = traceText(forwarded, { ...plain, printRule: () => "-A X --comment \u001b[2Jgone" });
    expect(text).not.to.include("\u001b");
    expect(text).to.include("\\x1b[2Jgone");
  });
});
