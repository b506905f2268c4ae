import { expect } from "chai";
import fc from "fast-check";
import { Entry } from "../../../src/conntrack/entry.ts";
import { SourceIndex } from "../../../src/conntrack/nat/source-index.ts";
import { zoneOf } from "../../../src/conntrack/zone.ts";
import type { Tuple } from "../../../src/packet/connection.ts";

const from = (source: number, sourcePort: number, protocol: number, destination: number): Tuple => ({
  source: 0xc0a80000 + source,
  destination,
  protocol,
  sourcePort,
  destinationPort: 53,
  icmpType: 0,
  icmpCode: 0,
  zone: 0,
});

const few = fc.nat(1);
/** The place of an entry that leaves; -1 is one more that comes. */
const removes = fc.oneof(fc.constant(-1), fc.nat(12));
const changes = fc.array(
  fc.record({ source: few, port: few, protocol: fc.constantFrom(6, 17), zone: few, removes }),
  { maxLength: 60 },
);

describe("the index of sources", () => {
  it("gives the entries from one source in one zone, youngest first, whichever left", () => {
    fc.assert(
      fc.property(changes, (steps) => {
        const index = new SourceIndex();
        let all: Entry[] = [];
        for (const [number, { source, port, protocol, zone, removes }] of steps.entries()) {
          const gone = all[removes];
          if (gone) {
            index.remove(gone);
            all = all.filter((entry) => entry !== gone);
            continue;
          }
          const tuple = from(source, port, protocol, number);
          const entry = new Entry(tuple, zoneOf(zone), false);
          index.add(entry);
          all = [entry, ...all];
        }
        for (const { source, port, protocol, zone } of steps) {
          const tuple = { ...from(source, port, protocol, 1), zone };
          const same = all.filter(
            ({ original }) =>
              original.source === tuple.source &&
              original.sourcePort === tuple.sourcePort &&
              original.protocol === tuple.protocol &&
              original.zone === zone,
          );
          expect([...index.from(tuple)].map((entry) => all.indexOf(entry))).to.deep.equal(
            same.map((entry) => all.indexOf(entry)),
          );
        }
      }),
    );
  });

  it("grows in its chains with sources, not with the entries of one", () => {
    const index = new SourceIndex();
    const entries = Array.from({ length: 1000 }, (_, number) => {
      const tuple = from(1, 1, 17, number);
      const entry = new Entry(tuple, zoneOf(0), false);
      index.add(entry);
      return entry;
    });
    expect(entries.filter(({ nextBySource }) => nextBySource !== undefined)).to.deep.equal([]);
    expect([...index.from(from(1, 1, 17, 0))]).to.have.length(1000);
  });
});
