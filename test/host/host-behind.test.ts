import { readFileSync } from "node:fs";
import { expect } from "chai";
import { HostInTurn } from "../../src/analyse/witness/host-in-turn.ts";
import { OffloadHost } from "../../src/capture/offload-host.ts";
import { readRecording } from "../../src/evaluate/recording.ts";
import { assumedHost } from "../../src/host/assumed-host.ts";
import type { Host } from "../../src/host/host.ts";
import { HostBehind } from "../../src/host/host-behind.ts";
import { hostFromIpJson } from "../../src/host/ip-json.ts";
import type { ReversePathOptions } from "../../src/packet/context.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { Packet } from "../../src/packet/packet.ts";
import { packetOfFrame } from "../../src/packet/packet-of-frame.ts";

const wrappers: readonly (readonly [name: string, wrap: (host: Host) => Host])[] = [
  ["HostBehind", (host) => new HostBehind(host)],
  ["OffloadHost", (host) => new OffloadHost(host)],
  ["HostInTurn", (host) => new HostInTurn(host)],
];

interface Received {
  readonly device: string;
  readonly packet: Packet;
}

function recorded(name: string): { readonly host: Host; readonly received: readonly Received[] } {
  const read = readRecording(JSON.parse(readFileSync(`fixtures/recordings/${name}.json`, "utf8")));
  if (!read.ok) throw new Error(read.message);
  const received = read.recording.packets.flatMap((one) =>
    "frame" in one ? [{ device: one.in, packet: new Packet(packetOfFrame(fromHex(one.frame))) }] : [],
  );
  return { host: hostFromIpJson(read.recording.host), received };
}

const both = [false, true];
const ways: readonly ReversePathOptions[] = both.flatMap((loose) =>
  both.flatMap((validMark) => both.map((acceptLocal) => ({ loose, validMark, acceptLocal }))),
);

/** All that a host can be asked about a received packet. */
function answers(host: Host, { device, packet }: Received): readonly unknown[] {
  const { source, destination } = packet;
  return [
    ...ways.map((how) => host.reversePath?.(packet, device, how)),
    host.isBridge?.(device),
    host.route({ source, destination, tos: 0, mark: 0, inDevice: device }),
    host.addressType(source, device),
    host.neighbour(device, source),
    host.selectSource(device, source),
  ];
}

describe("hosts behind others", () => {
  for (const [wrapper, wrap] of wrappers) {
    for (const name of ["matches-rpfilter", "matches-rpfilter-ipv6"]) {
      it(`${wrapper} answers as the host of ${name}.json does`, () => {
        const { host, received } = recorded(name);
        const paths = received.flatMap((one) => answers(host, one).slice(0, ways.length));
        expect(paths).to.include(true).and.to.include(false);
        for (const one of received) expect(answers(wrap(host), one)).to.deep.equal(answers(host, one));
      });
    }

    it(`${wrapper} knows a bridge`, () => {
      const addresses = [
        { ifindex: 2, ifname: "br0", flags: ["UP"], addr_info: [] },
        { ifindex: 3, ifname: "port1", master: "br0", flags: ["UP"], addr_info: [] },
      ];
      const host = wrap(hostFromIpJson({ addresses, routes: [], neighbours: [], sysctl: {} }));
      expect([host.isBridge?.("br0"), host.isBridge?.("port1")]).to.deep.equal([true, false]);
    });

    it(`${wrapper} knows no more than a host that nobody described`, () => {
      const { received } = recorded("matches-rpfilter");
      const host = wrap(assumedHost([]));
      for (const { device, packet } of received) {
        for (const how of ways) expect(host.reversePath?.(packet, device, how)).to.equal(undefined);
        expect(host.isBridge?.(device)).to.equal(undefined);
      }
    });

    it(`${wrapper} passes on each member with all that is asked`, () => {
      // a member that is added to Host does not compile before it stands here
      const asked: Record<keyof Host, readonly string[]> = {
        interfaces: [],
        assumptions: [],
        route: ["a query"],
        addressType: ["an address", "a device"],
        isBridge: ["a device"],
        reversePath: ["a packet", "a device", "how"],
        neighbour: ["a device", "an address"],
        sysctl: ["a name"],
        selectSource: ["a device", "an address", "a scope"],
      };
      const calls: string[] = [];
      const echo = new Proxy(assumedHost([]), {
        get: (_host, member) => {
          calls.push(String(member));
          if (member === "interfaces" || member === "assumptions") return [];
          return (...words: readonly unknown[]) => `${String(member)}: ${words.join(", ")}`;
        },
      });
      const host = wrap(echo);
      for (const [member, words] of Object.entries(asked)) {
        calls.length = 0;
        const found: unknown = Reflect.get(host, member);
        if (typeof found === "function") {
          expect(Reflect.apply(found, host, words)).to.equal(`${member}: ${words.join(", ")}`);
        }
        expect(calls).to.include(member);
      }
    });
  }
});
