import fc from "fast-check";
import { buildIpv4, buildIpv6 } from "../../../src/packet/build.ts";
import type { Context } from "../../../src/packet/context.ts";
import { Packet } from "../../../src/packet/packet.ts";
import { bareWorld } from "../../packet/bare-world.ts";

const ipv4 = [0x0a000001, 0x0a000002, 0x0a000011, 0xc0000207, 0xc0630001, 0];
const ipv6 = [0x20010db8n << 96n, (0x20010db8n << 96n) | 1n, (0x20010db8_0001n << 80n) | 1n, 1n];

/** Packets of the addresses, ports, MACs and interfaces that `randomLines` has, as `at` a time in seconds. */
export const randomPacket: fc.Arbitrary<(at: number) => Context> = fc
  .record({
    four: fc.tuple(fc.constantFrom(...ipv4), fc.constantFrom(...ipv4)),
    six: fc.tuple(fc.constantFrom(...ipv6), fc.constantFrom(...ipv6)),
    isSix: fc.constantFrom(false, false, true),
    protocol: fc.constantFrom(6, 17, 1, 47),
    ports: fc.tuple(fc.constantFrom(80, 81, 53, 0x0800, 40000), fc.constantFrom(80, 53, 40000)),
    length: fc.constantFrom(20, 20, 20, 6),
    inDevice: fc.constantFrom("eth0", "eth1", undefined),
    outDevice: fc.constantFrom("eth1", "e", undefined),
    mac: fc.constantFrom(5, 5, 6, undefined),
    mark: fc.constantFrom(0, 1, 0x12),
  })
  .map(({ four, six, isSix, protocol, ports, length, inDevice, outDevice, mac, mark }) => (now) => {
    const payload = new Uint8Array(20);
    payload.set([ports[0] >> 8, ports[0], ports[1] >> 8, ports[1]]);
    const rest = { protocol, payload: payload.subarray(0, length) };
    const bytes = isSix
      ? buildIpv6({ source: six[0], destination: six[1], ...rest })
      : buildIpv4({ source: four[0], destination: four[1], ...rest });
    const ethernet =
      mac === undefined ? undefined : Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, mac, 8, 0);
    const packet = new Packet(bytes, ethernet);
    packet.mark = mark;
    return { packet, hook: "FORWARD", inDevice, outDevice, world: bareWorld(now), hotdrop: false };
  });
