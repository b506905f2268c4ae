import { buildFrame } from "../../../../../src/packet/ethernet.ts";
import { toHex } from "../../../../../src/packet/hex.ts";
import { hostMac } from "../../places.ts";
import { icmpBytes, tcpBytes, udpBytes } from "../../transport.ts";
import { ipv6 } from "../addresses.ts";
import { ipv6Packet } from "../build.ts";
import { datagram, type Flow6, sent } from "../flow.ts";
import { elsewhere6, ends6, linkLocals, own6 } from "../places.ts";

/** The hop limit ends at the host. */
export const hopLimitFlow: Flow6 = (dice) => {
  const [client, server] = ends6(dice);
  const length = dice.of([0, 40, 1180, 1440]);
  const trafficClass = dice.of([0, 0x12, 0xb8]);
  return [
    sent(
      client,
      datagram(dice, client, server.address, { hopLimit: dice.of([0, 1, 2]), data: length, trafficClass }),
    ),
  ];
};

/** A packet as long as a frame can be, or longer than some link lets through. */
export const longFlow: Flow6 = (dice) => {
  const [client, server] = ends6(dice);
  const data = dice.of([1232, 1233, 1240, 1352, 1353, 1452]);
  return Array.from({ length: dice.between(1, 2) }, () =>
    sent(client, datagram(dice, client, server.address, { data })),
  );
};

const strangeSources = ["::", "::1", "ff02::5", "fe80::9", "2001:db8::1", "::ffff:10.0.0.9", "fec0::9"];
const strangeDestinations = [
  ...["::", "::1", "ff01::1", "ff00::1", "ff02::1", "ff02::2", "ff02::fb", "ff05::2", "ff0e::1"],
  ...["fe80::9", "fe80::1", "fec0::5", "fc00::1", "::ffff:10.0.0.9", "2001:db8::", "2001:db8:1::"],
];

/** An address that no router lets pass, or that means something else than a host. */
export const strangeFlow: Flow6 = (dice) => {
  const [, server] = ends6(dice);
  const place = dice.maybe(0.8) ? elsewhere6(dice) : dice.of(own6);
  const fromStrange = dice.maybe(0.5);
  const client = fromStrange ? { ...place, address: ipv6(dice.of(strangeSources)) } : place;
  const destination = fromStrange ? server.address : ipv6(dice.of(strangeDestinations));
  const packet = dice.maybe(0.6)
    ? datagram(dice, client, destination)
    : ipv6Packet({
        source: client.address,
        destination,
        protocol: 58,
        payload: icmpBytes(128, 0, 0x00070001, new Uint8Array(8)),
      });
  return [sent(client, packet)];
};

/** Addresses of the link: to the host, through it, from it. */
export const linkLocalFlow: Flow6 = (dice) => {
  const place = dice.of(linkLocals);
  const [, server] = ends6(dice);
  const mine = own6.find((_, index) => `eth${index}` === place.device)!;
  return dice.weighed([
    [2, () => [sent(place, datagram(dice, place, mine.address))]],
    [2, () => [sent(place, datagram(dice, place, server.address))]],
    [1, () => [sent(place, datagram(dice, place, ipv6("fe80::1")))]],
    [1, () => [sent(elsewhere6(dice), datagram(dice, place, place.address))]],
  ])();
};

/** To a group by a host's Ethernet address, to a host by a group's, to somebody else's. */
export const frameFlow6: Flow6 = (dice) => {
  const [, server] = ends6(dice);
  const client = elsewhere6(dice);
  const device = client.device ?? "eth0";
  const toGroup = dice.maybe(0.4);
  const packet = datagram(dice, client, toGroup ? ipv6("ff02::1") : server.address);
  const mac = dice.of([
    hostMac(device),
    Uint8Array.of(0x33, 0x33, 0, 0, 0, 1),
    Uint8Array.of(2, 0, 0, 0, 0x77, 0x77),
    Uint8Array.of(255, 255, 255, 255, 255, 255),
  ]);
  return [{ in: device, frame: toHex(buildFrame(mac, client.mac, packet)) }];
};

/** An error that quotes a packet with extension headers, in fragments, or hardly one. */
export const strayErrorFlow6: Flow6 = (dice) => {
  const [client, server] = ends6(dice);
  const port = dice.between(1024, 65000);
  const ask = { source: server.address, destination: client.address };
  const udp = udpBytes(port, 53, new Uint8Array(8));
  const quoted = dice.of([
    ipv6Packet({ ...ask, protocol: 17, payload: udp }),
    ipv6Packet({ ...ask, protocol: 60, payload: Uint8Array.from([17, 0, 1, 4, 0, 0, 0, 0, ...udp]) }),
    ipv6Packet({ ...ask, protocol: 44, payload: Uint8Array.from([17, 0, 0, 1, 0, 0, 0, 9, ...udp]) }),
    ipv6Packet({ ...ask, protocol: 44, payload: Uint8Array.from([17, 0, 1, 0, 0, 0, 0, 9, ...udp]) }),
    ipv6Packet({ ...ask, protocol: 58, payload: icmpBytes(128, 0, port * 65536, new Uint8Array(4)) }),
  ]);
  const [type, code, rest] = dice.of([
    [1, 4, 0],
    [1, 0, 0],
    [2, 0, 1280],
    [3, 0, 0],
    [3, 1, 0],
    [4, 1, 6],
    [100, 0, 0],
  ] as const);
  const length = dice.of([quoted.length, quoted.length, 48, 40, 20, 0]);
  const error = ipv6Packet({
    source: client.address,
    destination: server.address,
    protocol: 58,
    payload: icmpBytes(type, code, rest, quoted.slice(0, length)),
  });
  // half of the errors are about a packet that is on record
  const first = dice.maybe(0.5)
    ? [
        sent(
          server,
          ipv6Packet({ ...ask, protocol: quoted[6] ?? 17, payload: quoted.slice(40), hopLimit: 64 }, "right"),
        ),
      ]
    : [];
  return [...first, sent(client, error)];
};

/** Resets and errors that ask for an answer where there must not be one, or to nobody. */
export const unanswerableFlow: Flow6 = (dice) => {
  const [client, server] = ends6(dice);
  const segment = { sequence: 9, acknowledgement: 7, window: 0, options: "", data: "" } as const;
  const flags = dice.of([2, 4, 16, 18, 1, 0]);
  const bytes = tcpBytes(dice.between(1024, 65000), 81, {
    ...segment,
    flags,
    data: dice.of(["", "6162"]),
    checksum: "right",
  });
  const source = dice.of([client.address, client.address, 0n, ipv6("fe80::9")]);
  const packet = ipv6Packet(
    {
      source,
      destination: server.address,
      protocol: 6,
      trafficClass: dice.of([0, 0x10]),
      payload: dice.maybe(0.1) ? bytes.slice(0, 12) : bytes,
    },
    dice.maybe(0.15) ? "wrong" : "right",
  );
  const flowLabel = dice.maybe(0.3);
  if (flowLabel)
    packet.set(
      [0x01, 0x23, 0x45].map((byte, at) => byte | (packet[at + 1] ?? 0)),
      1,
    );
  return [sent(client, packet)];
};
