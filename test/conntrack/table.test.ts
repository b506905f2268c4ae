import { expect } from "chai";
import fc from "fast-check";
import { Entry } from "../../src/conntrack/entry.ts";
import { hashPacked, packTuple } from "../../src/conntrack/packed-tuple.ts";
import { ConnectionTable } from "../../src/conntrack/table.ts";
import { invertTuple } from "../../src/conntrack/tuple.ts";
import { defaultZone, zoneOf } from "../../src/conntrack/zone.ts";
import { connectionStatus, sameFlow, type Tuple, type Zone } from "../../src/packet/connection.ts";

const flow = (source: number, sourcePort = 5000): Tuple => ({
  source,
  destination: 0xc0000201,
  protocol: 17,
  sourcePort,
  destinationPort: 53,
  icmpType: 0,
  icmpCode: 0,
  zone: 0,
});

/** Flows of one hash: about 18 pairs among 400,000 are. */
function sameHash(): readonly [Tuple, Tuple] {
  const seen = new Map<number, Tuple>();
  for (let source = 0x0a000000; source < 0x0a000000 + 400_000; source++) {
    const tuple = flow(source, Math.imul(source, 40503) & 0xffff);
    const hash = hashPacked(packTuple(tuple));
    const other = seen.get(hash);
    if (other) return [other, tuple];
    seen.set(hash, tuple);
  }
  throw new Error("no two flows have the same hash");
}

function added(table: ConnectionTable, tuple: Tuple, zone: Zone = defaultZone, timeout = 10): Entry {
  const entry = new Entry(tuple, zone, false);
  entry.status |= connectionStatus.confirmed;
  entry.timeout = timeout;
  table.add(entry);
  return entry;
}

describe("the table of connections", () => {
  it("tells flows of one hash apart, whichever leaves first", () => {
    const [one, other] = sameHash();
    for (const leaves of [0, 1]) {
      const table = new ConnectionTable(() => 0);
      const entries = [added(table, one), added(table, other)] as const;
      expect([one, other].map((tuple) => table.find(tuple, defaultZone)?.entry)).to.deep.equal(entries);
      table.remove(entries[leaves]!);
      const left = [one, other].map((tuple) => table.find(tuple, defaultZone)?.entry);
      expect(left).to.deep.equal(leaves === 0 ? [undefined, entries[1]] : [entries[0], undefined]);
    }
  });

  it("tells zones and directions apart", () => {
    const table = new ConnectionTable(() => 0);
    const plain = added(table, flow(1));
    const zoned = added(table, flow(1), zoneOf(7));
    expect(table.find(flow(1), defaultZone)).to.include({ entry: plain, direction: "original" });
    expect(table.find(flow(1), zoneOf(7))).to.include({ entry: zoned, direction: "original" });
    expect(table.find(invertTuple(flow(1))!, zoneOf(7))).to.include({ entry: zoned, direction: "reply" });
    expect(table.find(flow(1), zoneOf(8))).to.equal(undefined);
  });

  it("lets entries go at the moment their time is up, and says so once", () => {
    let now = 0;
    const gone: Entry[] = [];
    const table = new ConnectionTable(
      () => now,
      (entry) => gone.push(entry),
    );
    const entry = added(table, flow(1));
    now = 9.99;
    expect(table.find(flow(1), defaultZone)?.entry).to.equal(entry);
    now = 10;
    expect(table.find(flow(1), defaultZone)).to.equal(undefined);
    expect([...table.living()]).to.deep.equal([]);
    expect(gone).to.deep.equal([entry]);
  });

  it("finds what a look through all entries finds, by either tuple, translated or not", () => {
    const end = fc.nat(2);
    const tuple = fc
      .record({
        source: end,
        destination: end,
        protocol: fc.constantFrom(17, 1),
        ports: fc.tuple(end, end),
        icmp: end,
      })
      .map(({ protocol, ports: [sourcePort, destinationPort], icmp, ...ends }): Tuple => {
        const id = { sourcePort, destinationPort: sourcePort, icmpType: icmp === 0 ? 8 : 0, icmpCode: icmp };
        const transport = protocol === 1 ? id : { sourcePort, destinationPort, icmpType: 0, icmpCode: 0 };
        return { ...ends, protocol, ...transport, zone: 0 };
      });
    const zone = fc.constantFrom(defaultZone, zoneOf(7));
    const steps = fc.array(fc.tuple(tuple, fc.option(tuple), zone, fc.nat(3)), {
      maxLength: 40,
      size: "max",
    });
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.tuple(tuple, zone), { maxLength: 40, size: "max" }),
        (all, questions) => {
          const table = new ConnectionTable(() => 0);
          const there: Entry[] = [];
          for (const [original, reply, inZone, leaves] of all) {
            if (leaves === 0 && there.length > 0) {
              table.remove(there.shift()!);
              continue;
            }
            const entry = new Entry(original, inZone, false);
            // only the same protocol answers
            if (reply?.protocol === original.protocol) entry.reply = reply;
            entry.timeout = 1;
            table.add(entry);
            there.push(entry);
          }
          for (const [asked, inZone] of questions) {
            const same = (one: Tuple): boolean => sameFlow(one, asked);
            const ofZone = there.filter((entry) => entry.zone === inZone);
            const original = ofZone.findLast((entry) => same(entry.original));
            const reply = ofZone.findLast((entry) => same(entry.reply));
            const expected = original ?? reply;
            expect(table.find(asked, inZone)?.entry).to.equal(expected);
            if (!expected) continue;
            const inverse = invertTuple(expected.original);
            const isPlain = inverse !== undefined && sameFlow(inverse, expected.reply);
            seen.add(`${original ? "original" : "reply"} ${isPlain}`);
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(seen.size).to.equal(4);
  });
});
