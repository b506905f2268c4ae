import { expect } from "chai";
import fc from "fast-check";
import { Entry } from "../../src/conntrack/entry.ts";
import { readSettings } from "../../src/conntrack/settings.ts";
import { ConnectionTable } from "../../src/conntrack/table.ts";
import { invertTuple } from "../../src/conntrack/tuple.ts";
import { defaultZone } from "../../src/conntrack/zone.ts";
import { connectionStatus, type Tuple } from "../../src/packet/connection.ts";

const flow = (number: number): Tuple => ({
  source: 0xc0a80000 + (number >>> 14),
  destination: 0xc0000201,
  protocol: 17,
  sourcePort: 1024 + (number & 0x3fff),
  destinationPort: 53,
  icmpType: 0,
  icmpCode: 0,
  zone: 0,
});

const { assured, confirmed } = connectionStatus;

/** A table whose clock counts how often it is looked at: once for each entry whose time is checked. */
class Bench {
  looks = 0;
  time = 0;
  private opened = 0;
  gone = 0;
  readonly table = new ConnectionTable(
    () => {
      this.looks++;
      return this.time;
    },
    () => {
      this.gone++;
    },
  );
  private seed = 1;

  open(status = 0, timeout = 100): Entry {
    const tuple = flow(this.opened++);
    const entry = new Entry(tuple, defaultZone, false);
    entry.status |= confirmed | status;
    entry.timeout = timeout;
    this.table.add(entry);
    return entry;
  }

  fill(count: number, status = 0, timeout = 100): readonly Entry[] {
    return Array.from({ length: count }, () => this.open(status, timeout));
  }

  readonly random = (): number => {
    this.seed = (Math.imul(this.seed, 1103515245) + 12345) & 0x7fffffff;
    return this.seed / 0x80000000;
  };

  makeRoom(max: number, buckets: number): boolean {
    const sysctl = { max, buckets };
    const settings = readSettings((name) =>
      Object.entries(sysctl)
        .find(([key]) => name.endsWith(`conntrack_${key}`))?.[1]
        .toString(),
    );
    return this.table.makeRoom(settings, this.random);
  }

  get size(): number {
    return [...this.table.living()].length;
  }
}

describe("a full table of connections", () => {
  it("has room as long as it is not full, and without a limit always", () => {
    const bench = new Bench();
    bench.fill(10);
    expect(bench.makeRoom(11, 16)).to.equal(true);
    expect(bench.makeRoom(0, 16)).to.equal(true);
    expect(bench.size).to.equal(10);
  });

  it("lets one entry go for a new one while none is ASSURED", () => {
    const bench = new Bench();
    bench.fill(1000);
    expect(bench.makeRoom(1000, 1000)).to.equal(true);
    expect(bench.size).to.equal(999);
  });

  it("keeps ASSURED entries and drops the new connection's packet", () => {
    for (const buckets of [8, 1000]) {
      const bench = new Bench();
      bench.fill(1000, assured);
      expect(bench.makeRoom(1000, buckets)).to.equal(false);
      expect(bench.size).to.equal(1000);
    }
  });

  it("finds the only entry that may go where Linux looks into every bucket", () => {
    const bench = new Bench();
    bench.fill(500, assured);
    const meek = bench.open();
    bench.fill(499, assured);
    expect(bench.makeRoom(1000, 8)).to.equal(true);
    expect(bench.table.find(meek.original, defaultZone)).to.equal(undefined);
    expect(bench.makeRoom(999, 8)).to.equal(false);
  });

  it("comes upon an entry as often as Linux does, where buckets are many", () => {
    let found = 0;
    const bench = new Bench();
    bench.fill(100);
    for (let packet = 0; packet < 1000; packet++) {
      if (!bench.makeRoom(100, 16_000)) continue;
      found++;
      bench.open();
    }
    // 2 * 100 links, of which 8 of 16,000 buckets hold a tenth of one
    expect(found).to.be.within(70, 130);
  });

  it("lets entries go whose time is up, ASSURED or not, some with each packet", () => {
    const bench = new Bench();
    bench.fill(1000, assured, 10);
    bench.time = 10;
    expect(bench.makeRoom(1000, 1_000_000)).to.equal(true);
    expect(bench.gone).to.equal(16);
    for (let packet = 0; packet < 62; packet++) bench.makeRoom(1, 1_000_000);
    expect(bench.gone).to.equal(1000);
  });

  it("costs each packet of a flood the same few looks, however many entries there are", () => {
    for (const count of [1000, 100_000]) {
      const bench = new Bench();
      bench.fill(count, assured);
      for (let packet = 0; packet < 50; packet++) {
        bench.looks = 0;
        expect(bench.makeRoom(count, count)).to.equal(false);
        expect(bench.looks).to.be.within(1, 16 + 2 * 8 + 1);
      }
    }
  });
});

describe("the table's chains", () => {
  it("find what was added and not removed, whatever came and went in between", () => {
    const steps = fc.array(fc.record({ number: fc.nat(400), adds: fc.boolean() }), { maxLength: 800 });
    fc.assert(
      fc.property(steps, (changes) => {
        const table = new ConnectionTable(() => 0);
        const there = new Map<number, Entry>();
        for (const { number, adds } of changes) {
          const old = there.get(number);
          if (adds && !old) {
            const tuple = flow(number);
            const entry = new Entry(tuple, defaultZone, false);
            entry.timeout = 1;
            table.add(entry);
            there.set(number, entry);
          } else if (!adds && old) {
            table.remove(old);
            there.delete(number);
          }
        }
        for (let number = 0; number <= 400; number++) {
          const tuple = flow(number);
          const entry = there.get(number);
          const both = [tuple, invertTuple(tuple) ?? tuple].map((one) => table.find(one, defaultZone)?.entry);
          expect(both).to.deep.equal([entry, entry]);
        }
        expect(new Set(table.living())).to.deep.equal(new Set(there.values()));
      }),
      { numRuns: 30 },
    );
  });
});
