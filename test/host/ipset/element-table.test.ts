import { expect } from "chai";
import fc from "fast-check";
import { ElementTable } from "../../../src/host/ipset/element-table.ts";
import { noRow } from "../../../src/host/ipset/row-index.ts";

/** Elements of a key and a word that is no part of it, in the order of a table: by keys, as each came first. */
class Listed {
  buckets: (readonly [key: number, rest: number])[][] = [];

  add(key: number, rest: number): void {
    const bucket = this.buckets.find(([first]) => first?.[0] === key);
    if (bucket) bucket.push([key, rest]);
    else this.buckets.push([[key, rest]]);
  }

  remove(at: number): void {
    const chosen = this.buckets.flat()[at];
    this.buckets = this.buckets
      .map((bucket) => bucket.filter((one) => one !== chosen))
      .filter(({ length }) => length > 0);
  }
}

/** The table's rows in order, and what was last said of each row. */
function rowsOf(table: ElementTable): readonly number[] {
  const rows: number[] = [];
  for (let row = table.first(); row !== noRow; row = table.after(row)) rows.push(row);
  return rows;
}

const change = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant("add" as const), fc.nat(40), fc.nat(1e9)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("remove" as const), fc.nat(1e9), fc.constant(0)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("remove first" as const), fc.constant(0), fc.constant(0)) },
);

describe("ElementTable", () => {
  it("keeps order, keys and what belongs to its rows whatever comes and goes", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 400, size: "max" }), fc.boolean(), (changes, copies) => {
        let tags: number[] = [];
        let table = new ElementTable(2, 1, (from, to) => {
          tags[to] = tags[from] ?? Number.NaN;
        });
        const listed = new Listed();
        for (const [what, key, rest] of changes) {
          if (what === "add") {
            tags[table.append(Uint32Array.of(key, rest))] = rest;
            listed.add(key, rest);
          } else if (table.size > 0) {
            const at = what === "remove" ? key % table.size : 0;
            table.remove(rowsOf(table)[at] ?? noRow);
            listed.remove(at);
          }
        }
        if (copies) {
          const kept = [...tags];
          table = table.copy((from, to) => {
            kept[to] = kept[from] ?? Number.NaN;
          });
          tags = kept;
        }
        const rows = rowsOf(table);
        const expected = listed.buckets.flat();
        expect(rows.map((row) => [table.words[2 * row], table.words[2 * row + 1]])).to.deep.equal(expected);
        expect(rows.map((row) => tags[row])).to.deep.equal(expected.map(([, rest]) => rest));
        expect(table.size).to.equal(rows.length);
        for (let key = 0; key <= 40; key++) {
          const own: (number | undefined)[] = [];
          for (let row = table.find(Uint32Array.of(key, 0)); row !== noRow; row = table.next(row))
            own.push(tags[row]);
          expect(own).to.deep.equal(expected.filter(([one]) => one === key).map(([, rest]) => rest));
        }
      }),
      { numRuns: 300 },
    );
  });
});
