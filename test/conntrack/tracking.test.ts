import { expect } from "chai";
import { icmp, Router, reasonOf, tcp, udp } from "./wire.ts";

const client = "10.0.0.5:40000";
const server = "192.0.2.77:80";

/** Brings a TCP connection to ESTABLISHED; the client's next byte is 101, the server's 501. */
function establish(router: Router): void {
  router.forward(tcp(client, server, { flags: "S", sequence: 100 }));
  router.forward(tcp(server, client, { flags: "SA", sequence: 500, acknowledgement: 101 }));
  router.forward(tcp(client, server, { flags: "A", sequence: 101, acknowledgement: 501 }));
}

describe("connection tracking of TCP", () => {
  it("follows a connection from SYN to the last ACK", () => {
    const router = new Router();
    const steps: [string, string, string, object, string, string][] = [
      [client, server, "S", { sequence: 100 }, "NEW", "tcp 6 120 SYN_SENT [UNREPLIED]"],
      [server, client, "SA", { sequence: 500, acknowledgement: 101 }, "ESTABLISHED", "tcp 6 60 SYN_RECV"],
      [
        client,
        server,
        "A",
        { sequence: 101, acknowledgement: 501 },
        "ESTABLISHED",
        "tcp 6 432000 ESTABLISHED [ASSURED]",
      ],
      [
        client,
        server,
        "PA",
        { sequence: 101, acknowledgement: 501, data: 10 },
        "ESTABLISHED",
        "tcp 6 300 ESTABLISHED [ASSURED]",
      ],
      [
        server,
        client,
        "A",
        { sequence: 501, acknowledgement: 111 },
        "ESTABLISHED",
        "tcp 6 432000 ESTABLISHED [ASSURED]",
      ],
      [
        client,
        server,
        "FA",
        { sequence: 111, acknowledgement: 501 },
        "ESTABLISHED",
        "tcp 6 120 FIN_WAIT [ASSURED]",
      ],
      [
        server,
        client,
        "A",
        { sequence: 501, acknowledgement: 112 },
        "ESTABLISHED",
        "tcp 6 60 CLOSE_WAIT [ASSURED]",
      ],
      [
        server,
        client,
        "FA",
        { sequence: 501, acknowledgement: 112 },
        "ESTABLISHED",
        "tcp 6 30 LAST_ACK [ASSURED]",
      ],
      [
        client,
        server,
        "A",
        { sequence: 112, acknowledgement: 502 },
        "ESTABLISHED",
        "tcp 6 120 TIME_WAIT [ASSURED]",
      ],
      [client, server, "S", { sequence: 9000 }, "NEW", "tcp 6 120 SYN_SENT [UNREPLIED]"],
    ];
    for (const [from, to, flags, numbers, state, entry] of steps) {
      expect(router.forward(tcp(from, to, { flags, ...numbers })), flags).to.equal(state);
      expect(router.states).to.deep.equal([entry]);
    }
  });

  it("calls invalid what lies outside the window and says why", () => {
    const router = new Router();
    establish(router);
    const beyond = tcp(client, server, { flags: "A", sequence: 500_000, acknowledgement: 501 });
    expect(router.forward(beyond)).to.equal("INVALID");
    expect(reasonOf(beyond)).to.equal(
      "sequence 500000 lies beyond the receiver's window, which ends at 1101",
    );
    const ahead = tcp(client, server, { flags: "A", sequence: 101, acknowledgement: 900 });
    expect(router.forward(ahead)).to.equal("INVALID");
    expect(reasonOf(ahead)).to.equal(
      "acknowledges up to 900, but the other side was only seen to send up to 501",
    );
  });

  it("takes what lies outside the window where it is told to be liberal", () => {
    const router = new Router({ tcp_be_liberal: "1" });
    establish(router);
    const beyond = tcp(client, server, { flags: "A", sequence: 500_000, acknowledgement: 501 });
    expect(router.forward(beyond)).to.equal("ESTABLISHED");
  });

  it("keeps an established connection on a reset that is not exact", () => {
    const router = new Router();
    establish(router);
    expect(router.forward(tcp(server, client, { flags: "R", sequence: 600 }))).to.equal("ESTABLISHED");
    expect(router.states).to.deep.equal(["tcp 6 10 ESTABLISHED [ASSURED]"]);
    expect(router.forward(tcp(server, client, { flags: "R", sequence: 501 }))).to.equal("ESTABLISHED");
    expect(router.states).to.deep.equal(["tcp 6 10 CLOSE [ASSURED]"]);
  });

  it("deletes the entry when a reset is the only answer", () => {
    const router = new Router();
    router.forward(tcp(client, server, { flags: "S", sequence: 100 }));
    const reset = tcp(server, client, { flags: "RA", sequence: 0, acknowledgement: 101 });
    expect(router.forward(reset)).to.equal("ESTABLISHED");
    expect(reasonOf(reset)).to.equal("a RST before any answer: the entry is deleted");
    expect(router.states).to.deep.equal([]);
  });

  it("picks a connection up midway unless nf_conntrack_tcp_loose forbids it", () => {
    const segment = { flags: "A", sequence: 7, acknowledgement: 8 };
    const loose = new Router();
    expect(loose.forward(tcp(client, server, segment))).to.equal("NEW");
    expect(loose.states).to.deep.equal(["tcp 6 300 ESTABLISHED [UNREPLIED]"]);
    expect(new Router({ tcp_loose: "0" }).forward(tcp(client, server, segment))).to.equal("INVALID");
  });

  for (const flags of ["", "F", "SF", "SR", "FAR", "SFA", "U"]) {
    it(`calls the flags "${flags}" invalid`, () => {
      const packet = tcp(client, server, { flags });
      expect(new Router().forward(packet)).to.equal("INVALID");
      expect(reasonOf(packet)).to.equal("no TCP sends this combination of flags");
    });
  }

  it("verifies checksums where packets come in only", () => {
    const broken = () => {
      const packet = tcp(client, server, { flags: "S" });
      packet.bytes[36]! ^= 1;
      return packet;
    };
    expect(new Router().forward(broken())).to.equal("INVALID");
    expect(new Router({ checksum: "0" }).forward(broken())).to.equal("NEW");
    const local = broken();
    new Router().conntrack.track(local, "OUTPUT");
    expect(local.tracking?.kind).to.equal("tracked");
  });
});

describe("connection tracking of UDP", () => {
  const [a, b] = ["10.0.0.5:5000", "192.0.2.77:53"] as const;

  it("makes a stream of an answered flow after two seconds", () => {
    const router = new Router();
    expect(router.forward(udp(a, b))).to.equal("NEW");
    expect(router.states).to.deep.equal(["udp 17 30 [UNREPLIED]"]);
    expect(router.forward(udp(b, a))).to.equal("ESTABLISHED");
    router.now += 2;
    router.forward(udp(a, b));
    expect(router.states).to.deep.equal(["udp 17 30"]);
    router.now += 0.01;
    router.forward(udp(b, a));
    expect(router.states).to.deep.equal(["udp 17 120 [ASSURED]"]);
  });

  it("forgets an entry at the very moment its time is up", () => {
    const router = new Router();
    router.forward(udp(a, b));
    router.now += 29.5;
    expect(router.states).to.deep.equal(["udp 17 0 [UNREPLIED]"]);
    router.now += 0.5;
    expect(router.states).to.deep.equal([]);
    expect(router.forward(udp(b, a))).to.equal("NEW");
  });
});

describe("connection tracking of ICMP", () => {
  const [a, b] = ["10.0.0.5", "192.0.2.77"] as const;

  it("knows an answer by its id", () => {
    const router = new Router();
    expect(router.forward(icmp(a, b, 8, 7))).to.equal("NEW");
    expect(router.forward(icmp(b, a, 0, 8))).to.equal("INVALID");
    expect(router.forward(icmp(b, a, 0, 7))).to.equal("ESTABLISHED");
  });

  it("relates an error to the connection that it quotes", () => {
    const router = new Router();
    const sent = udp("10.0.0.5:5000", "192.0.2.77:53");
    const quote = sent.bytes.slice(0, 28);
    expect(router.forward(icmp("192.0.2.254", a, 3, 0, quote))).to.equal("INVALID");
    router.forward(sent);
    expect(router.forward(icmp("192.0.2.254", a, 3, 0, quote))).to.equal("RELATED");
    expect(router.forward(icmp("192.0.2.254", a, 3, 0, quote.slice(0, 23)))).to.equal("INVALID");
    const stray = icmp("192.0.2.254", "10.0.0.9", 3, 0, quote);
    expect(router.forward(stray)).to.equal("INVALID");
    expect(reasonOf(stray)).to.contain("does not go to the sender");
  });

  for (const type of [0, 9, 10, 14, 30, 255]) {
    it(`opens no connection for type ${type}`, () => {
      expect(new Router().forward(icmp(a, b, type, 1))).to.equal("INVALID");
    });
  }
});

describe("the connection table", () => {
  it("drops a new connection's packet where it is full and finds no victim", () => {
    const router = new Router({ max: "1" });
    router.forward(udp("10.0.0.5:1", "192.0.2.77:53"));
    router.draws = [0.5];
    expect(router.assumed).to.deep.equal([]);
    expect(router.forward(udp("10.0.0.5:2", "192.0.2.77:53"))).to.equal("DROP");
    expect(router.assumed[0]).to.contain("the connection table is full");
    router.now += 30;
    expect(router.forward(udp("10.0.0.5:2", "192.0.2.77:53"))).to.equal("NEW");
  });

  it("lets an entry that is not ASSURED give way where Linux comes upon it", () => {
    const router = new Router({ max: "1", buckets: "1" });
    router.forward(udp("10.0.0.5:1", "192.0.2.77:53"));
    expect(router.forward(udp("10.0.0.5:2", "192.0.2.77:53"))).to.equal("NEW");
    expect(router.conntrack.list()).to.have.length(1);
  });

  it("counts packets and bytes where nf_conntrack_acct is on", () => {
    const router = new Router({ acct: "1" });
    router.forward(udp("10.0.0.5:1", "192.0.2.77:53"));
    expect(router.conntrack.list()).to.deep.equal([
      "udp 17 30 src=10.0.0.5 dst=192.0.2.77 sport=1 dport=53 packets=1 bytes=32 [UNREPLIED] src=192.0.2.77 dst=10.0.0.5 sport=53 dport=1 packets=0 bytes=0 mark=0",
    ]);
  });

  it("holds no entry of a packet that is not confirmed", () => {
    const router = new Router();
    router.conntrack.track(udp("10.0.0.5:1", "192.0.2.77:53"), "PREROUTING");
    expect(router.conntrack.list()).to.deep.equal([]);
  });
});
