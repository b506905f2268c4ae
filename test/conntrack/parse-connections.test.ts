import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { createConntrack } from "../../src/conntrack/create-conntrack.ts";
import { parseConnections } from "../../src/conntrack/parse-connections.ts";

const recordings = "fixtures/recordings";

/** A table that begins with these lines, as it lists itself at once. */
function restored(lines: readonly string[], accounting: boolean): readonly string[] {
  const conntrack = createConntrack({
    now: () => 1000,
    sysctl: () => undefined,
    random: () => 0,
    accounting,
  });
  const { connections, diagnostics } = parseConnections(lines.join("\n"));
  expect(diagnostics, lines.join("\n")).to.deep.equal([]);
  conntrack.restore(connections);
  return conntrack.list();
}

const only = (line: string) => {
  const { connections, diagnostics } = parseConnections(line);
  expect(diagnostics).to.deep.equal([]);
  return connections[0]!;
};

const refused = (text: string) =>
  parseConnections(text, "conntrack.txt").diagnostics.map(({ code, message, span }) => [
    code,
    text.slice(span.start, span.end),
    message,
  ]);

describe("parse connections", () => {
  it("gives a table that lists itself as every recorded kernel listed its own", () => {
    let count = 0;
    for (const name of readdirSync(recordings).filter((one) => one.endsWith(".json"))) {
      const { packets } = JSON.parse(readFileSync(`${recordings}/${name}`, "utf8"));
      const { conntrack: lines = [] } = packets.at(-1);
      // what is over goes at once
      const living = lines.filter((line: string) => !/^\S+ \d+ 0 /.test(line));
      const accounting = living.some((line: string) => line.includes(" packets="));
      expect(restored(living, accounting), name).to.deep.equal(living);
      count += living.length;
    }
    expect(count).to.be.above(500);
  });

  it("reads blanks, use=, ids and counters as conntrack -L -o id prints them", () => {
    const line =
      "tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=8.8.8.8 sport=40000 dport=443 packets=3 bytes=180 src=8.8.8.8 dst=192.0.2.1 sport=443 dport=40000 packets=2 bytes=120 [ASSURED] mark=5 use=1 id=3148277";
    const connection = only(line);
    expect(connection).to.include({ secondsLeft: 431999, state: "ESTABLISHED", assured: true, mark: 5 });
    expect(connection.counters).to.deep.equal({
      original: { packets: 3, bytes: 180 },
      reply: { packets: 2, bytes: 120 },
    });
  });

  it("keeps an ICMP id apart from the entry's own", () => {
    const line =
      "icmp     1 29 src=10.0.0.5 dst=172.16.5.9 type=8 code=0 id=17985 src=172.16.5.9 dst=10.0.0.5 type=0 code=0 id=17985 mark=0 use=1 id=99";
    expect(only(line).reply).to.include({ sourcePort: 17985, icmpType: 0 });
  });

  it("reads the form of /proc/net/nf_conntrack", () => {
    const line =
      "ipv4     2 udp      17 23 src=10.0.0.1 dst=8.8.8.8 sport=53 dport=53 [UNREPLIED] src=8.8.8.8 dst=10.0.0.1 sport=53 dport=53 mark=0 zone=7 use=2";
    expect(only(line)).to.deep.include({ zone: { id: 7, original: 7, reply: 7 }, seenReply: false });
  });

  it("reads an entry that a flow table took over and that has no time", () => {
    const line =
      "tcp      6 src=10.0.0.1 dst=8.8.8.8 sport=1 dport=2 src=8.8.8.8 dst=10.0.0.1 sport=2 dport=1 [OFFLOAD] mark=0 use=3";
    expect(refused(line)[0]?.[2]).to.contain("which state");
    expect(only(line.replace("6 src", "6 ESTABLISHED src"))).to.include({ secondsLeft: 86400 });
  });

  it("passes over blank lines, comments and conntrack's count", () => {
    const text = "\n# saved at noon\nconntrack v1.4.7 (conntrack-tools): 3 flow entries have been shown.\n";
    expect(parseConnections(text)).to.deep.equal({ connections: [], diagnostics: [] });
  });

  it("says where a line is none, and reads the others", () => {
    const good =
      "udp 17 23 src=10.0.0.1 dst=8.8.8.8 sport=1 dport=2 src=8.8.8.8 dst=10.0.0.1 sport=2 dport=1 mark=0";
    const bad = [
      "Active connections",
      good.replace("src=10.0.0.1", "src=10.0.0"),
      good.replace("sport=1 ", ""),
      good.replace("dport=2 src", "dport=x src"),
      good.slice(0, good.lastIndexOf("src")),
      good.replace("dst=10.0.0.1", "dst=::1").replace("src=8.8.8.8", "src=::2"),
      good.replace("udp 17 23", "tcp 6 23 OPEN"),
    ];
    expect(parseConnections([...bad, good].join("\n")).connections).to.have.length(1);
    const told = refused([...bad, good].join("\n"));
    expect(told.map(([code, line]) => [code, line])).to.deep.equal(
      bad.map((line) => ["connection-unread", line.trim()]),
    );
    expect(told.map(([, , message]) => message)).to.deep.equal([
      "no line of `conntrack -L`: that begins with protocol, number and seconds left",
      "`src=10.0.0` is no address",
      "`sport=` is missing",
      "`dport=x` is no number",
      "a connection has two directions, each with its `src=`",
      "both directions of a connection have addresses of one family",
      "OPEN is no state: NONE, SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT, CLOSE_WAIT, LAST_ACK, TIME_WAIT, CLOSE, SYN_SENT2 are",
    ]);
  });
});
