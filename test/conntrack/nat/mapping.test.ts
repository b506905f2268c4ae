import { expect } from "chai";
import { chooseAddress } from "../../../src/conntrack/nat/choose-address.ts";
import { printAddress } from "../../../src/packet/address.ts";
import { transportChecksumOk } from "../../../src/packet/checksum.ts";
import type { Packet } from "../../../src/packet/packet.ts";
import { address, icmp, type Mapping, Router, tcp, udp } from "../wire.ts";

const host = "192.0.2.1";
const to = (text: string, ports?: readonly [number, number]): Mapping["range"] => ({
  addresses: [address(text), address(text)],
  ...(ports ? { ports } : {}),
});
const snat: Mapping = { manip: "source", range: to(host) };

const ends = (packet: Packet): string =>
  `${printAddress(packet.source)}:${packet.transportWord(0)} → ${printAddress(packet.destination)}:${packet.transportWord(2)}`;

describe("NAT", () => {
  it("turns the replies of a source mapping back, checksums and all", () => {
    const router = new Router();
    const request = udp("10.0.0.5:5000", "192.0.2.77:53");
    router.forward(request, snat);
    expect(ends(request)).to.equal("192.0.2.1:5000 → 192.0.2.77:53");
    expect(transportChecksumOk(request)).to.equal(true);
    const reply = udp("192.0.2.77:53", "192.0.2.1:5000");
    expect(router.forward(reply)).to.equal("ESTABLISHED");
    expect(ends(reply)).to.equal("192.0.2.77:53 → 10.0.0.5:5000");
    expect(transportChecksumOk(reply)).to.equal(true);
  });

  it("turns the replies of a port forwarding back", () => {
    const router = new Router();
    const forward: Mapping = { manip: "destination", range: to("10.0.0.9", [8080, 8080]) };
    const syn = tcp("198.51.100.7:40000", "192.0.2.1:80", { flags: "S", sequence: 1 });
    router.forward(syn, forward);
    expect(ends(syn)).to.equal("198.51.100.7:40000 → 10.0.0.9:8080");
    const answer = tcp("10.0.0.9:8080", "198.51.100.7:40000", { flags: "SA", acknowledgement: 2 });
    router.forward(answer);
    expect(ends(answer)).to.equal("192.0.2.1:80 → 198.51.100.7:40000");
    expect(transportChecksumOk(answer)).to.equal(true);
  });

  for (const [port, draw, expected] of [
    [40000, 0, 1024],
    [40000, 100.5 / 65536, 1124],
    [700, 0, 600],
    [53, 0, 1],
  ] as const) {
    it(`draws a port of port ${port}'s class when two clients' replies would clash (${expected})`, () => {
      const router = new Router();
      router.draws = [draw];
      router.forward(udp(`10.0.0.5:${port}`, "192.0.2.77:9"), snat);
      const second = udp(`10.0.0.9:${port}`, "192.0.2.77:9");
      router.forward(second, snat);
      expect(ends(second)).to.equal(`192.0.2.1:${expected} → 192.0.2.77:9`);
    });
  }

  it("draws a port although no rule matched, where the reply would be taken for another connection's", () => {
    const router = new Router();
    router.forward(udp("10.0.0.5:5000", "192.0.2.77:53"), snat);
    const own = udp("192.0.2.1:5000", "192.0.2.77:53");
    router.forward(own);
    expect(ends(own)).to.equal("192.0.2.1:1024 → 192.0.2.77:53");
  });

  it("keeps a client's mapping for its next connection", () => {
    const router = new Router();
    router.forward(udp("10.0.0.5:5000", "192.0.2.77:53"), snat);
    router.forward(udp("10.0.0.9:5000", "192.0.2.77:53"), snat);
    const next = udp("10.0.0.9:5000", "192.0.2.77:54");
    router.forward(next, snat);
    expect(ends(next)).to.equal("192.0.2.1:1024 → 192.0.2.77:54");
  });

  it("drops a packet whose single port is taken", () => {
    const router = new Router();
    const fixed: Mapping = { manip: "source", range: to(host, [5000, 5000]) };
    expect(router.forward(tcp("10.0.0.5:1", "192.0.2.77:80", { flags: "S" }), fixed)).to.equal("NEW");
    expect(router.forward(tcp("10.0.0.9:1", "192.0.2.77:80", { flags: "S" }), fixed)).to.equal("DROP");
  });

  it("shifts ports by their distance from the base port", () => {
    const router = new Router();
    const range = { ...to("10.0.0.9", [7000, 7100]), basePort: 53 };
    const packet = udp("192.0.2.77:1", "192.0.2.1:60");
    router.forward(packet, { manip: "destination", range });
    expect(ends(packet)).to.equal("192.0.2.77:1 → 10.0.0.9:7007");
  });

  it("turns an ICMP error and the packet that it quotes back", () => {
    const router = new Router();
    const sent = udp("10.0.0.5:5000", "192.0.2.77:53");
    router.forward(sent, snat);
    const error = icmp("192.0.2.254", host, 3, 0, sent.bytes.slice());
    expect(router.forward(error)).to.equal("RELATED");
    expect(printAddress(error.destination)).to.equal("10.0.0.5");
    expect(transportChecksumOk(error)).to.equal(true);
    const original = udp("10.0.0.5:5000", "192.0.2.77:53");
    expect([...error.bytes.slice(28)]).to.deep.equal([...original.bytes]);
  });
});

describe("the choice of an address in a range", () => {
  // as a 6.18 kernel chose
  for (const [source, destination, low, high, persistent, chosen] of [
    ["10.0.0.9", "192.0.2.9", "192.0.2.10", "192.0.2.20", false, "192.0.2.10"],
    ["10.0.0.9", "192.0.2.77", "192.0.2.10", "192.0.2.20", false, "192.0.2.16"],
    ["10.0.0.9", "8.8.8.8", "192.0.2.10", "192.0.2.20", false, "192.0.2.15"],
    ["10.0.0.10", "8.8.8.8", "192.0.2.10", "192.0.2.200", true, "192.0.2.191"],
    ["10.0.0.10", "192.0.2.9", "192.0.2.10", "192.0.2.200", true, "192.0.2.191"],
  ] as const) {
    it(`gives ${source} towards ${destination} the address ${chosen}`, () => {
      const tuple = {
        source: address(source),
        destination: address(destination),
        protocol: 17,
        sourcePort: 1,
        destinationPort: 2,
        icmpType: 0,
        icmpCode: 0,
        zone: 0,
      };
      const range = [address(low), address(high)] as const;
      expect(printAddress(chooseAddress(tuple, "source", range, { persistent, zone: 0 }).source)).to.equal(
        chosen,
      );
    });
  }
});
