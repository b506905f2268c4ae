import { expect } from "chai";
import fc from "fast-check";
import { type Flow, FlowTable, type Verdict, verdicts, verdictsOf } from "../../src/capture/flow-table.ts";
import { parseAddress } from "../../src/packet/address.ts";
import { buildIpv4, buildIpv6 } from "../../src/packet/build.ts";

const addresses = [
  "192.0.2.1",
  "192.0.2.2",
  "10.0.0.1",
  "2001:db8::1",
  "2001:db8::2",
  "2001:db8:ffff::1",
].map((text) => parseAddress(text) ?? 0);

interface Sent {
  readonly source: number | bigint;
  readonly destination: number | bigint;
  readonly protocol: number;
  readonly ports: readonly [number, number];
  readonly verdict: Verdict;
}

const pair = fc
  .tuple(fc.boolean(), fc.nat(2), fc.nat(2))
  .map(([isIpv6, one, other]) => [addresses[one + (isIpv6 ? 3 : 0)]!, addresses[other + (isIpv6 ? 3 : 0)]!]);
const port = fc.constantFrom(1, 22, 40000, 65535);
const sent: fc.Arbitrary<Sent> = fc
  .record({
    pair,
    protocol: fc.constantFrom(1, 6, 17, 47),
    ports: fc.tuple(port, port),
    verdict: fc.constantFrom(...verdicts),
  })
  .map(({ pair: [source, destination], ...rest }) => ({
    source: source!,
    destination: destination!,
    ...rest,
  }));

const hasPorts = ({ protocol }: Sent): boolean => protocol === 6 || protocol === 17;

function packetOf({ source, destination, protocol, ports: [from, to] }: Sent): Uint8Array {
  const payload = Uint8Array.of(from >> 8, from, to >> 8, to, 0, 0, 0, 0);
  return typeof source === "number" && typeof destination === "number"
    ? buildIpv4({ source, destination, protocol, ttl: 64, payload })
    : buildIpv6({
        source: BigInt(source),
        destination: BigInt(destination),
        protocol,
        hopLimit: 64,
        payload,
      });
}

/** The same for both directions. */
function nameOf(one: Sent): string {
  const ports = hasPorts(one) ? one.ports : [0, 0];
  const ends = [`${one.source} ${ports[0]}`, `${one.destination} ${ports[1]}`].sort();
  return [one.protocol, ...ends].join(" ");
}

/** What a table of `limit` flows has to say, worked out the plain way: a Map whose last entry had the latest packet. */
function expected(all: readonly Sent[], limit: number) {
  const table = new Map<string, { first: Sent; counts: number[] }>();
  const left: number[][] = [];
  for (const one of all) {
    const name = nameOf(one);
    const flow = table.get(name) ?? { first: one, counts: [0, 0, 0, 0] };
    table.delete(name);
    if (table.size === limit) {
      const [oldest] = table;
      left.push(oldest![1].counts);
      table.delete(oldest![0]);
    }
    flow.counts[verdicts.indexOf(one.verdict)]!++;
    table.set(name, flow);
  }
  return { flows: [...table.values()].reverse(), left };
}

describe("capture/flow-table", () => {
  it("counts the packets of both directions, and forgets the flow that was idle for longest", () => {
    fc.assert(
      fc.property(
        fc.array(sent, { maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(3),
        (all, limit, at) => {
          const table = new FlowTable(limit);
          for (const one of all)
            table.add(Uint8Array.of(...new Uint8Array(at), ...packetOf(one)), at, one.verdict);
          const { flows, left } = expected(all, limit);
          expect(table.evicted).to.equal(left.length);
          const kinds = new Map<string, number>();
          for (const byVerdict of [...left, ...flows.map(({ counts }) => counts)]) {
            const name = verdictsOf({ byVerdict });
            kinds.set(name, (kinds.get(name) ?? 0) + 1);
          }
          expect([...table.byVerdicts()]).to.deep.equal([...kinds]);
          const told = flows
            .map(({ first, counts }): Flow => {
              const packets = counts.reduce((sum, count) => sum + count, 0);
              return {
                protocol: first.protocol,
                source: first.source,
                destination: first.destination,
                sourcePort: hasPorts(first) ? first.ports[0] : undefined,
                destinationPort: hasPorts(first) ? first.ports[1] : undefined,
                tally: { packets, bytes: packets * packetOf(first).length },
                byVerdict: counts,
              };
            })
            .sort((one, other) => other.tally.packets - one.tally.packets);
          expect(table.largest(100)).to.deep.equal(told);
        },
      ),
    );
  });

  it("grows, and keeps its limit", () => {
    const table = new FlowTable(3000);
    const flow = (source: number): Uint8Array =>
      packetOf({ source, destination: 1, protocol: 17, ports: [1, 2], verdict: "ACCEPT" });
    for (let round = 0; round < 2; round++)
      for (let n = 0; n < 3000; n++) table.add(flow(n * 7), 0, "ACCEPT");
    expect([table.evicted, table.largest(9999).length]).to.deep.equal([0, 3000]);
    for (let n = 0; n < 1000; n++) table.add(flow(n * 7), 0, "DROP");
    for (let n = 0; n < 2500; n++) table.add(flow(0x0a000000 + n), 0, "ACCEPT");
    // the 2,000 that had no packet since, and the 500 oldest of the others
    expect(table.evicted).to.equal(2500);
    expect(Object.fromEntries(table.byVerdicts())).to.deep.equal({ ACCEPT: 4500, "ACCEPT+DROP": 1000 });
  });
});
