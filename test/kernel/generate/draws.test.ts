import { expect } from "chai";
import { matches, targets } from "../../../src/extensions/registry.ts";
import { drawsOf } from "./draws.ts";
import { freshScenario } from "./fresh-scenario.ts";

/** What each campaign shall ask the kernel about, beside each match and target. */
const wanted = [
  ...["ipv4", "ipv6", "legacy", "nft", "waits", "sets", "fragment"],
  ...["ipv4 overlapping fragments", "ipv6 overlapping fragments", "-f"],
  ...["syn to established", "out of the window", "simultaneous close", "picked up in the middle"],
  ...["tuple used again", "odd flags"],
  ...[1, 6, 17, 58].map((protocol) => `wrong checksum of protocol ${protocol}`),
  ...[47, 50, 51, 132, 136, 253].map((protocol) => `protocol ${protocol}`),
  ...["echo request", "time stamp request", "address mask request"],
  ...["icmp error about a packet", "icmp error quoting nothing"],
  ...["ftp helper", "ftp translated", "PORT", "EPRT", "PASV", "EPSV"],
  ...["zone", "zone of one direction", "zone by mark", "label put on"],
];

/** Brought along by `-p`, or never asked: docs/conformance.md. */
const notDrawn = new Set([
  ...["-m tcp", "-m udp", "-m icmp", "-m icmp6"],
  ...["-m ipvs", "-m nfacct", "-m rateest", "-j CLUSTERIP", "-j LED", "-j SECMARK", "-j ULOG"],
]);

describe("300 fresh scenarios", () => {
  const counts = new Map<string, number>();

  before(() => {
    for (let number = 1; number <= 300; number++) {
      for (const name of drawsOf(freshScenario(`draws-${number}`))) {
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
  });

  it("have all that a campaign shall ask about, each more than once", () => {
    expect(wanted.filter((name) => (counts.get(name) ?? 0) < 2)).to.deep.equal([]);
  });

  it("use every match and target", () => {
    const names = [...matches.map(({ name }) => `-m ${name}`), ...targets.map(({ name }) => `-j ${name}`)];
    expect(names.filter((name) => !counts.has(name) && !notDrawn.has(name))).to.deep.equal([]);
  });
});
