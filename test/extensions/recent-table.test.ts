import { expect } from "chai";
import { isHit, RecentTable, stampsFor } from "../../src/extensions/recent-table.ts";

describe("a list of xt_recent", () => {
  it("keeps as many times as the next power of two behind the hit count, 32 without one", () => {
    expect([0, 1, 2, 3, 4, 5, 20, 65535].map(stampsFor)).to.deep.equal([32, 1, 2, 4, 4, 8, 32, 65536]);
  });

  it("forgets the oldest time of an address when its ring is full", () => {
    const table = new RecentTable(0xffffffff);
    table.reserve(2);
    table.add(7, 64, 100);
    const entry = table.find(7, 0)!;
    table.update(entry, 64, 200);
    expect(isHit(entry, undefined, 2)).to.equal(true);
    expect(isHit(entry, 150, 2)).to.equal(false);
    table.update(entry, 64, 300);
    expect(isHit(entry, 150, 2)).to.equal(true);
    expect(entry.stamps).to.deep.equal([300, 200]);
  });

  it("forgets all addresses when a rule wants more times", () => {
    const table = new RecentTable(0xffffffff);
    table.reserve(4);
    table.add(7, 64, 100);
    table.reserve(2);
    expect(table.find(7, 0)).to.not.equal(undefined);
    table.reserve(8);
    expect(table.find(7, 0)).to.equal(undefined);
  });

  it("finds an address by TTL where one is asked for", () => {
    const table = new RecentTable(0xffffffff);
    table.reserve(4);
    table.add(7, 64, 100);
    expect(table.find(7, 64)).to.not.equal(undefined);
    expect(table.find(7, 63)).to.equal(undefined);
  });

  it("reaps only the address that was updated longest ago", () => {
    const table = new RecentTable(0xffffffff);
    table.reserve(4);
    table.add(1, 64, 100);
    table.add(2, 64, 110);
    table.reap(150, undefined);
    expect(table.find(1, 0)).to.equal(undefined);
    const second = table.find(2, 0);
    table.reap(150, second);
    expect(table.find(2, 0)).to.equal(second);
  });
});
