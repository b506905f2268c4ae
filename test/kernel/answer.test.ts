import { expect } from "chai";
import type { Effects } from "../../src/evaluate/recording.ts";
import { transportChecksumOk } from "../../src/packet/checksum.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { fromHex, toHex } from "../../src/packet/hex.ts";
import { Packet } from "../../src/packet/packet.ts";
import { destinationEnd, sourceEnd, summarise } from "../../src/packet/summary.ts";
import { answerTo } from "./answer.ts";
import { from, ipPacket } from "./generate/packet.ts";
import { hostMac, ipv4, macBytes, neighbours, own } from "./generate/places.ts";
import { udpBytes } from "./generate/transport.ts";
import type { Input, Reply } from "./scenario.ts";

const nothing: Effects = { emitted: [], counters: [], conntrack: [] };
const reply: Reply = {
  of: 0,
  answer: { kind: "udp", data: "6f6b", checksum: "right" },
  ttl: 64,
  tos: 0,
  id: 9,
};
const datagram = (source: string, sport: number, destination: string, dport: number): Uint8Array =>
  ipPacket({
    source: ipv4(source),
    destination: ipv4(destination),
    protocol: 17,
    payload: udpBytes(sport, dport, new Uint8Array(4)),
  });

const client = neighbours.find(({ address }) => address === ipv4("10.0.0.5"))!;
const sent = from(client, datagram("10.0.0.5", 4000, "192.0.2.9", 53));

const ends = (input: Input | undefined): string => {
  if (!input) return "nothing";
  const bytes = "frame" in input ? fromHex(input.frame).slice(14) : fromHex(input.packet);
  expect(transportChecksumOk(new Packet(bytes))).to.equal(true);
  const summary = summarise(bytes);
  return `${"frame" in input ? input.in : "host"}: ${sourceEnd(summary)} > ${destinationEnd(summary)}`;
};

describe("answers", () => {
  it("turn round the frame that left, as NAT had left it", () => {
    const left = buildFrame(
      macBytes("02:00:00:00:00:09"),
      hostMac("eth0"),
      datagram("192.0.2.1", 61000, "192.0.2.9", 53),
    );
    const effects = { ...nothing, emitted: [["eth0", toHex(left)] as const] };
    const answer = answerTo(sent, effects, reply);
    expect(ends(answer)).to.equal("eth0: 192.0.2.9:53 > 192.0.2.1:61000");
    expect(answer && "frame" in answer && answer.frame.slice(0, 24)).to.equal("020000000001020000000009");
  });

  it("are not there where the packet got nowhere", () => {
    expect(answerTo(sent, nothing, reply)).to.equal(undefined);
  });

  it("do not mistake the host's ICMP error for the packet", () => {
    const error = ipPacket({
      source: ipv4("10.0.0.1"),
      destination: ipv4("10.0.0.5"),
      protocol: 1,
      payload: new Uint8Array(36),
    });
    const frame = toHex(buildFrame(client.mac, hostMac("eth1"), error));
    expect(answerTo(sent, { ...nothing, emitted: [["eth1", frame]] }, reply)).to.equal(undefined);
  });

  it("come from the host where it got the packet, after NAT as conntrack lists it", () => {
    const toHost = from(client, datagram("10.0.0.5", 4000, "192.0.2.9", 53));
    const conntrack = [
      "udp 17 29 src=10.0.0.5 dst=192.0.2.9 sport=4000 dport=53 [UNREPLIED] src=10.0.0.1 dst=10.0.0.5 sport=8080 dport=4000 mark=0",
    ];
    expect(ends(answerTo(toHost, { ...nothing, conntrack }, reply))).to.equal(
      "host: 10.0.0.1:8080 > 10.0.0.5:4000",
    );
  });

  it("come from the host for an untracked packet to one of its addresses", () => {
    const address = own[1]!.address;
    expect(address).to.equal(ipv4("10.0.0.1"));
    const toHost = from(client, datagram("10.0.0.5", 4000, "10.0.0.1", 53));
    expect(ends(answerTo(toHost, nothing, reply))).to.equal("host: 10.0.0.1:53 > 10.0.0.5:4000");
  });
});
