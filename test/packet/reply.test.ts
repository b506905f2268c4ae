import { expect } from "chai";
import { parseAddress } from "../../src/packet/address.ts";
import { buildIpv4, buildIpv6 } from "../../src/packet/build.ts";
import { transportChecksumOk } from "../../src/packet/checksum.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { Packet } from "../../src/packet/packet.ts";
import { replyTo } from "../../src/packet/reply.ts";
import { summarise } from "../../src/packet/summary.ts";

function ipv4(protocol: number, payload: string): Uint8Array {
  const source = parseAddress("198.51.100.7");
  const destination = parseAddress("192.0.2.1");
  if (typeof source !== "number" || typeof destination !== "number") throw new Error("IPv4 addresses");
  return buildIpv4({
    source,
    destination,
    protocol,
    tos: 0,
    ttl: 3,
    payload: fromHex(payload.replaceAll(" ", "")),
  });
}

/** Ports 40000 to 80, sequence number 5, acknowledgement 9. */
const tcp = (flags: string, data = ""): Uint8Array =>
  ipv4(6, `9c40 0050 00000005 00000009 50${flags} 0400 0000 0000 ${data}`);

const numbers = (reply: Uint8Array | undefined) => {
  if (!reply) throw new Error("no reply");
  const view = new DataView(reply.buffer, reply.byteOffset + 20);
  return { sequence: view.getUint32(4), acknowledgement: view.getUint32(8) };
};

describe("replyTo", () => {
  it("answers SYN by SYN+ACK with ends swapped and sound checksums", () => {
    const reply = replyTo(tcp("02")) ?? new Uint8Array();
    expect(summarise(reply)).to.include({
      source: "192.0.2.1",
      destination: "198.51.100.7",
      sourcePort: 80,
      destinationPort: 40000,
      ttl: 64,
    });
    expect(summarise(reply).tcpFlags).to.deep.equal(["SYN", "ACK"]);
    expect(numbers(reply).acknowledgement).to.equal(6);
    expect(transportChecksumOk(new Packet(reply))).to.equal(true);
  });

  it("goes on with the numbers that the other side waits for", () => {
    const reply = replyTo(tcp("18", "68656c6c6f"));
    expect(numbers(reply)).to.deep.equal({ sequence: 9, acknowledgement: 10 });
    expect(reply && summarise(reply).tcpFlags).to.deep.equal(["ACK"]);
  });

  it("answers FIN by FIN", () => {
    const reply = replyTo(tcp("11"));
    expect(reply && summarise(reply).tcpFlags).to.deep.equal(["FIN", "ACK"]);
    expect(numbers(reply).acknowledgement).to.equal(6);
  });

  it("answers an echo request by its reply, data and id the same", () => {
    const reply = replyTo(ipv4(1, "0800 0000 1234 0001 cafe")) ?? new Uint8Array();
    expect(summarise(reply)).to.include({ icmpType: 0, icmpCode: 0, icmpId: 0x1234 });
    expect([...reply.slice(-2)]).to.deep.equal([0xca, 0xfe]);
    expect(transportChecksumOk(new Packet(reply))).to.equal(true);
  });

  it("answers UDP by an empty datagram, of IPv6 too", () => {
    const source = parseAddress("2001:db8::7");
    const destination = parseAddress("2001:db8::1");
    if (typeof source !== "bigint" || typeof destination !== "bigint") throw new Error("IPv6 addresses");
    const payload = fromHex("9c40003500090000ff");
    const ends = { source, destination, protocol: 17, trafficClass: 0, hopLimit: 9, payload };
    const reply = replyTo(buildIpv6(ends)) ?? new Uint8Array();
    expect(summarise(reply)).to.include({
      source: "2001:db8::1",
      sourcePort: 53,
      destinationPort: 40000,
      length: 48,
    });
    expect(transportChecksumOk(new Packet(reply))).to.equal(true);
  });

  it("answers nothing to a reset, an ICMP error and a cut header", () => {
    expect(replyTo(tcp("04"))).to.equal(undefined);
    expect(replyTo(ipv4(1, "0303 0000 00000000"))).to.equal(undefined);
    expect(replyTo(ipv4(6, "9c40 0050"))).to.equal(undefined);
    expect(replyTo(ipv4(17, "9c40 0050"))).to.equal(undefined);
  });
});
