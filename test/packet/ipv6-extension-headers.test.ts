import { expect } from "chai";
import fc from "fast-check";
import { buildIpv6 } from "../../src/packet/build.ts";
import {
  findFragmentHeader,
  findTransport,
  placeForFragmentHeader,
} from "../../src/packet/ipv6-extension-headers.ts";

const packet = (protocol: number, ...payload: number[]): Uint8Array =>
  buildIpv6({ source: 1n << 100n, destination: 2n << 100n, protocol, payload: Uint8Array.from(payload) });

const options = (next: number) => [next, 0, 1, 4, 0, 0, 0, 0];
const fragment = (next: number, word: number) => [next, 0, word >> 8, word & 255, 0, 0, 0, 1];
const authentication = (next: number) => [next, 4, ...new Array<number>(22).fill(0)];
const udp = [0, 1, 0, 2, 0, 8, 0, 0];

describe("findTransport", () => {
  it("skips the headers that lead to a transport header", () => {
    const found = findTransport(
      packet(0, ...options(43), ...options(60), ...options(44), ...fragment(17, 1), ...udp),
    );
    expect(found).to.deep.equal({
      protocol: 17,
      offset: 72,
      fragmentOffset: 0,
      moreFragments: true,
      sound: true,
    });
  });

  it("takes an authentication header for the transport's where asked", () => {
    const bytes = packet(51, ...authentication(17), ...udp);
    expect(findTransport(bytes).protocol).to.equal(17);
    expect(findTransport(bytes, true).protocol).to.equal(51);
  });

  it("takes a later fragment at its header's word, unless that names a further header", () => {
    expect(findTransport(packet(44, ...fragment(17, 8), 1, 2))).to.include({ protocol: 17, sound: true });
    expect(findTransport(packet(44, ...fragment(60, 8), 1, 2))).to.include({ sound: false });
  });

  it("comes to an end within any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 40, maxLength: 120 }), (bytes) => {
        expect(findTransport(bytes).offset).to.be.at.least(40);
        const header = findFragmentHeader(bytes);
        if (header) expect(bytes[header.namedAt]).to.equal(44);
      }),
    );
  });
});

describe("placeForFragmentHeader", () => {
  it("is behind the hop-by-hop options and before what only the receiver reads", () => {
    expect(placeForFragmentHeader(packet(0, ...options(17), ...udp))).to.deep.equal({
      offset: 48,
      namedAt: 40,
    });
    expect(placeForFragmentHeader(packet(43, ...options(60), ...options(17), ...udp)).offset).to.equal(48);
    expect(placeForFragmentHeader(packet(17, ...udp)).offset).to.equal(40);
  });
});
