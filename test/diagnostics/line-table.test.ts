import { expect } from "chai";
import fc from "fast-check";
import { LineTable } from "../../src/diagnostics/line-table.ts";

describe("LineTable", () => {
  it("counts lines and columns as splitting at line feeds does", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r", "é") }), fc.nat(), (text, seed) => {
        const offset = seed % (text.length + 1);
        const before = text.slice(0, offset).split("\n");
        expect(new LineTable(text).position(offset)).to.deep.equal({
          line: before.length,
          column: before.at(-1)!.length + 1,
        });
      }),
    );
  });

  it("gives a line without its line end", () => {
    const table = new LineTable("one\r\ntwo\nthree");
    expect([1, 2, 3].map((line) => table.line(line))).to.deep.equal([
      { start: 0, end: 3 },
      { start: 5, end: 8 },
      { start: 9, end: 14 },
    ]);
    expect(table.lineCount).to.equal(3);
  });
});
