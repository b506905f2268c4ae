import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { decodeCapture } from "../../src/capture/decode-capture.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { packetsOf } from "../capture/packets-of.ts";
import { type PcapSettings, type WrittenPacket, writePcap } from "../capture/pcap-writer.ts";
import { netverdict, type World } from "./fake-terminal.ts";

const rules = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
[7:700] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 25 -j REJECT --reject-with tcp-reset
-A INPUT -i eth0.10 -p udp -j ACCEPT
-A FORWARD -i eth0 -o eth1 -j ACCEPT
-A OUTPUT -p udp -m udp --sport 53 -j ACCEPT
COMMIT
`;

const hostMac = fromHex("020000000001");
const peerMac = fromHex("0200000000fe");

function ip(words: string): Uint8Array {
  const { value } = composePacket(`-i eth0 ${words}`, "ipv4", "packet");
  if (!value) throw new Error(words);
  return value.bytes;
}
const arriving = (words: string): Uint8Array => buildFrame(hostMac, peerMac, ip(words));
const leaving = (words: string): Uint8Array => buildFrame(peerMac, hostMac, ip(words));

const ssh = "-p tcp -s 198.51.100.7 --sport 40000 -d 192.0.2.1 --dport 22 --syn";
const smtp = "-p tcp -s 198.51.100.7 --sport 40001 -d 192.0.2.1 --dport 25 --syn";
const dns = "-p udp -s 192.0.2.1 --sport 53 -d 198.51.100.7 --dport 5000";
const away = "-p udp -s 198.51.100.7 --sport 5000 -d 203.0.113.9 --dport 5001";

const capture = (frames: readonly Uint8Array[], settings: PcapSettings = {}, from = 1000): Uint8Array =>
  writePcap(
    frames.map((bytes, index): WrittenPacket => ({ at: from + index, bytes })),
    settings,
  );

const snapshot = {
  "host/ip-addr.json": JSON.stringify([
    {
      ifindex: 2,
      ifname: "eth0",
      address: "02:00:00:00:00:01",
      link_type: "ether",
      mtu: 1500,
      flags: ["UP"],
      addr_info: [{ family: "inet", local: "192.0.2.1", prefixlen: 24, scope: "global" }],
    },
    {
      ifindex: 3,
      ifname: "eth1",
      address: "02:00:00:00:00:02",
      link_type: "ether",
      mtu: 1500,
      flags: ["UP"],
      addr_info: [{ family: "inet", local: "203.0.113.1", prefixlen: 24, scope: "global" }],
    },
  ]),
  "host/ip-route.json": JSON.stringify([
    { type: "local", dst: "192.0.2.1", dev: "eth0", table: "local", scope: "host", prefsrc: "192.0.2.1" },
    { dst: "203.0.113.0/24", dev: "eth1", scope: "link", prefsrc: "203.0.113.1" },
    { dst: "default", gateway: "192.0.2.254", dev: "eth0" },
  ]),
  "host/ip-neigh.json": JSON.stringify([
    { dst: "203.0.113.9", dev: "eth1", lladdr: "02:00:00:00:00:99", state: ["REACHABLE"] },
    { dst: "192.0.2.254", dev: "eth0", lladdr: "02:00:00:00:00:fe", state: ["REACHABLE"] },
  ]),
};

const replay = (
  files: Readonly<Record<string, string | Uint8Array>>,
  words: readonly string[],
  world: World = {},
) => netverdict(["replay", "rules.v4", ...words], { ...world, files: { "rules.v4": rules, ...files } });

async function json(files: Readonly<Record<string, string | Uint8Array>>, ...words: readonly string[]) {
  const { out, err, status } = await replay(files, [...words, "--format", "json"]);
  expect(err).to.equal("");
  return { ...JSON.parse(out), status };
}

const packetsBy = (verdicts: Readonly<Record<string, { packets: number }>>) =>
  Object.fromEntries(Object.entries(verdicts).map(([verdict, { packets }]) => [verdict, packets]));

describe("netverdict replay", () => {
  it("tells verdicts, who decided, flows and rules never hit", async () => {
    const { out, status } = await replay({ "a.pcap": capture([arriving(ssh), arriving(smtp)]) }, [
      "eth0=a.pcap",
    ]);
    expect(status).to.equal(0);
    expect(out).to.match(
      /^rules\.v4: 2 of 2 packets of a\.pcap replayed, 1970-01-01T00:16:40\.000Z and 1\.000 s on\n/,
    );
    expect(out).to.match(/^ACCEPT +1 packets +50\.0 % +40 bytes$/m);
    expect(out).to.match(/^ +1 {2}REJECT {2}filter\/INPUT:2, rules\.v4:6: /m);
    expect(out).to.include("  tcp 198.51.100.7:40001 -> 192.0.2.1:25  REJECT");
    expect(out).to.include("never hit: 3 of 5 rules\n  filter/INPUT:3, rules.v4:7: -A INPUT -i eth0.10");
  });

  it("prints counters as iptables-save -c, from zero or from the dump's own", async () => {
    const files = { "a.pcap": capture([arriving(ssh)]) };
    const { out } = await replay(files, ["eth0=a.pcap", "--counters"]);
    expect(out).to.match(/^\*filter\n:INPUT DROP \[0:0\]\n/);
    expect(out).to.include("\n[1:40] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n");
    const kept = await replay(files, ["eth0=a.pcap", "--counters", "--keep-counters"]);
    expect(kept.out).to.include("\n[8:740] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n");
  });

  it("compares the counters with a production dump's", async () => {
    const files = { "a.pcap": capture([arriving(ssh)]) };
    const { out: dump } = await replay(files, ["eth0=a.pcap", "--counters"]);
    const same = await replay({ ...files, "prod.v4": dump }, ["eth0=a.pcap", "--against", "prod.v4"]);
    expect(same.status).to.equal(0);
    expect(same.out).to.include("all 8 counters are those of prod.v4");
    const other = dump.replace("[1:40]", "[4:160]").replace("-A OUTPUT", "-A OUTPUT -o eth9");
    const differs = await replay({ ...files, "prod.v4": other }, ["eth0=a.pcap", "--against", "prod.v4"]);
    expect(differs.status).to.equal(1);
    expect(differs.out).to.include(
      "1 of 7 counters differ from prod.v4\nthe first: filter/INPUT:1, rules.v4:5:",
    );
    expect(differs.out).to.match(/^ +\[1:40\] +\[4:160\] +0\.250 {2}filter\/INPUT:1/m);
    expect(differs.out).to.include("only in prod.v4: filter/OUTPUT:1");
    expect(
      (
        await replay({ ...files, "p.v4": "*filter\n-A INPUT -j DROP\nCOMMIT\n" }, [
          "eth0=a.pcap",
          "--against",
          "p.v4",
        ])
      ).status,
    ).to.equal(2);
  });

  it("tells the direction by MAC, by Linux's packet type and by address", async () => {
    const { hits, ...known } = await withDirections(["--snapshot", "host"], {});
    expect([hits, packetsBy(known.verdicts)]).to.deep.equal([1, { ACCEPT: 2 }]);
    expect(known.skipped).to.deep.equal({ "for another host of the link": 1 });
    const byAddress = await withDirections(["--address", "192.0.2.1"], {});
    expect(byAddress.hits).to.equal(1);
    const cooked = (type: number, words: string) =>
      Buffer.concat([Uint8Array.of(0, type, 0, 1, 0, 6), peerMac, Uint8Array.of(0, 0, 8, 0), ip(words)]);
    const frames = [cooked(0, ssh), cooked(4, dns), cooked(3, ssh)];
    const sll = await json({ "a.pcap": capture(frames, { linkType: 113 }) }, "a.pcap", "--in", "eth0");
    expect(packetsBy(sll.verdicts)).to.deep.equal({ ACCEPT: 2 });
    expect(sll.entries[4].hits).to.equal(1);
    expect(sll.skipped).to.deep.equal({ "for another host of the link": 1 });
  });

  async function withDirections(words: readonly string[], settings: PcapSettings) {
    const stranger = buildFrame(fromHex("020000000077"), peerMac, ip(ssh));
    const frames = [arriving(ssh), leaving(dns), ...(words[0] === "--snapshot" ? [stranger] : [])];
    const world = { "a.pcap": capture(frames, settings), ...snapshot };
    const result = await json(world, "eth0=a.pcap", ...words);
    return { ...result, hits: result.entries[4].hits as number };
  }

  it("gives a VLAN's packets to the VLAN's interface", async () => {
    const frame = arriving("-p udp -s 198.51.100.7 --sport 5 -d 192.0.2.1 --dport 6");
    const tagged = Buffer.concat([frame.slice(0, 12), fromHex("8100000a"), frame.slice(12)]);
    const { entries } = await json({ "a.pcap": capture([tagged]) }, "eth0=a.pcap");
    expect(entries[2].hits).to.equal(1);
    const { skipped } = await json(
      { "a.pcap": capture([tagged]), ...snapshot },
      "eth0=a.pcap",
      "--snapshot",
      "host",
    );
    expect(skipped).to.deep.equal({ "of a VLAN that has no interface eth0.10": 1 });
  });

  it("merges captures by time and knows again what it forwarded itself", async () => {
    const out = buildFrame(fromHex("020000000099"), fromHex("020000000002"), ip(away));
    const files = {
      "in.pcap": capture([arriving(away), arriving(away)], {}, 1000),
      "out.pcap": writePcap([
        { at: 1000.5, bytes: out },
        { at: 1001.5, bytes: out },
        { at: 1001.6, bytes: out },
      ]),
      ...snapshot,
    };
    const { verdicts, alreadySent, skipped, entries } = await json(
      files,
      "eth1=out.pcap",
      "eth0=in.pcap",
      "--snapshot",
      "host",
    );
    expect(packetsBy(verdicts)).to.deep.equal({ ACCEPT: 2 });
    expect(alreadySent).to.equal(2);
    expect(Object.values(skipped)).to.deep.equal([1]);
    expect(entries[3].hits).to.equal(2);
  });

  it("knows an ICMP error again, whatever checksum it quotes", async () => {
    const question = "-p udp -s 198.51.100.7 --sport 5 -d 192.0.2.1 --dport 69";
    const rejecting = rules.replace("-i eth0.10 -p udp -j ACCEPT", "-p udp -j REJECT");
    const asked = ip(question);
    const files = { "rules.v4": rejecting, ...snapshot };
    const bytes = new Map<string, Uint8Array>();
    await replay(
      { ...files, "a.pcap": capture([arriving(question)]) },
      ["eth0=a.pcap", "--snapshot", "host", "--write", "o"],
      { bytes },
    );
    const written = decodeCapture();
    written.push(bytes.get("o") ?? new Uint8Array(0));
    const [answer] = packetsOf(written);
    const left = Uint8Array.from(answer?.bytes ?? []);
    // the quoted UDP checksum, and ICMP's own
    for (const at of [14 + 20 + 8 + asked.length - 2, 14 + 20 + 2]) left[at] = (left[at] ?? 0) ^ 0xff;
    const both = capture([arriving(question), left]);
    const { alreadySent } = await json({ ...files, "a.pcap": both }, "eth0=a.pcap", "--snapshot", "host");
    expect(alreadySent).to.equal(1);
  });

  it("lets packets leave whole that the network card will cut", async () => {
    const long = leaving(
      "-p tcp -s 192.0.2.1 --sport 80 -d 198.51.100.7 --dport 5000 --tcp-flags ALL ACK -m length --length 9000",
    );
    const files = { "a.pcap": capture([long]), ...snapshot };
    const { verdicts } = await json(files, "eth0=a.pcap", "--snapshot", "host");
    expect(verdicts).to.deep.equal({ ACCEPT: { packets: 1, bytes: 9000 } });
  });

  it("forwards without a snapshot where --out and --address say so", async () => {
    const files = { "a.pcap": capture([arriving(away), arriving(ssh)]) };
    const { entries } = await json(files, "eth0=a.pcap", "--out", "eth1", "--address", "192.0.2.1");
    expect([entries[0].hits, entries[3].hits]).to.deep.equal([1, 1]);
  });

  it("reads gzip and standard input, in chunks of any size", async () => {
    const zipped = gzipSync(capture([arriving(ssh), arriving(smtp)]));
    for (const chunk of [1, 7, 100000]) {
      const { out } = await replay({}, ["eth0=-", "--counters"], { stdin: zipped, chunk });
      expect(out).to.include("[1:40] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT");
    }
    const cut = await replay({}, ["eth0=-"], { stdin: zipped.subarray(0, -9) });
    expect(cut.status).to.equal(2);
    expect(cut.err).to.match(/^-: byte \d+: error\[cut-off\]: the gzip file is damaged: /);
  });

  it("reports packets that the snaplen cut", async () => {
    const whole = arriving(
      "-p tcp -s 198.51.100.7 --sport 4 -d 192.0.2.1 --dport 22 --syn -m length --length 500",
    );
    const cut = (bytes: number) => ({ at: 1000, bytes: whole.slice(0, bytes), originalLength: whole.length });
    const files = { "a.pcap": writePcap([cut(96), cut(40)]) };
    const filled = await json(files, "eth0=a.pcap");
    expect(filled).to.deep.include({
      truncated: 2,
      filled: 1,
      skipped: { "cut inside the transport header": 1 },
    });
    expect(filled.verdicts).to.deep.equal({ ACCEPT: { packets: 1, bytes: 500 } });
    const left = await json(files, "eth0=a.pcap", "--skip-truncated");
    expect(left).to.deep.include({ replayed: 0, skipped: { "cut by the snaplen": 2 } });
  });

  it("writes what left the host as pcapng, with the verdict and who decided", async () => {
    const bytes = new Map<string, Uint8Array>();
    const files = { "a.pcap": capture([arriving(away), arriving(smtp)]), ...snapshot };
    await replay(files, ["eth0=a.pcap", "--snapshot", "host", "--write", "out.pcapng"], { bytes });
    const written = bytes.get("out.pcapng") ?? new Uint8Array(0);
    const decoder = decodeCapture();
    decoder.push(written);
    const packets = packetsOf(decoder);
    decoder.end();
    expect(decoder.problems).to.deep.equal([]);
    expect(packets.map(({ source, at }) => [source.name, source.linkType, at])).to.deep.equal([
      ["eth1", 1, 1000],
      ["eth0", 1, 1001],
    ]);
    const text = Buffer.from(written).toString("latin1");
    expect(text).to.match(
      /ACCEPT at FORWARD by filter\/FORWARD:1, rules\.v4:8: -A FORWARD .* \(from packet 1\)/,
    );
    expect(text).to.match(/REJECT at INPUT by filter\/INPUT:2, .* \(sent by the host because of packet 2\)/);
  });

  it("says what is wrong with a capture, and where, and replays the rest", async () => {
    const { status, err, out } = await replay(
      { "a.pcap": capture([arriving(ssh), arriving(ssh)]).slice(0, -3) },
      ["eth0=a.pcap"],
    );
    expect(status).to.equal(2);
    expect(err).to.equal(
      "a.pcap: byte 94: error[cut-off]: the capture ends inside a record: 67 of its bytes are there\n",
    );
    expect(out).to.include("1 of 1 packets");
    const foreign = await replay({ "a.txt": "nothing\n" }, ["eth0=a.txt"]);
    expect([foreign.status, foreign.err]).to.deep.equal([
      2,
      "a.txt: byte 0: error[not-a-capture]: neither pcap nor pcapng: no magic number of theirs\n",
    ]);
  });

  it("asks for the interface where nothing names it", async () => {
    const { status, err } = await replay({ "a.pcap": capture([arriving(ssh)]) }, ["a.pcap"]);
    expect(status).to.equal(2);
    expect(err).to.include(
      "nothing says on which interface a.pcap was captured: write eth0=a.pcap, or --in eth0",
    );
  });

  it("refuses wrong use", async () => {
    const files = { "a.pcap": capture([]), ...snapshot };
    expect((await replay(files, ["-", "eth0=-"])).status).to.equal(2);
    expect((await replay(files, ["a.pcap", "--snapshot", "host", "--out", "eth1"])).status).to.equal(2);
    expect((await replay(files, ["a.pcap", "--address", "here"])).status).to.equal(2);
    expect((await replay(files, ["a.pcap", "--flows", "0"])).status).to.equal(2);
    expect((await replay(files, ["missing.pcap"])).status).to.equal(2);
  });

  it("bounds the table of flows and says so", async () => {
    const frames = [1, 2, 3, 1].map((port) =>
      arriving(`-p udp -s 198.51.100.7 --sport ${port} -d 192.0.2.1 --dport 9`),
    );
    const { flows, remarks } = await json({ "a.pcap": capture(frames) }, "eth0=a.pcap", "--flows", "2");
    expect(flows).to.deep.include({ byVerdict: { DROP: 4 }, evicted: 2 });
    expect(flows.largest).to.have.length(2);
    expect(remarks.join()).to.include("2 times a flow was taken out of the full table");
  });

  it("shows its progress on a terminal only, and takes it away again", async () => {
    const files = { "a.pcap": capture([arriving(ssh)]) };
    expect((await replay(files, ["eth0=a.pcap"])).err).to.equal("");
    const { err } = await replay(files, ["eth0=a.pcap"], { isTerminal: true });
    const [none, bar, rest] = err.replaceAll("\u001b[K", "|").split("\r");
    expect([none, rest]).to.deep.equal(["", "|"]);
    expect(bar).to.match(/^\[#+\.*\] \d+ % \d+ packets\|$/);
  });
});
