import { expect } from "chai";
import { LineStarts } from "../../../src/conntrack/helper/line-starts.ts";

describe("the line starts that a helper remembers", () => {
  it("are the last two", () => {
    const starts = new LineStarts();
    for (const sequence of [10, 20, 30]) starts.add(sequence);
    expect([10, 20, 30].filter((sequence) => starts.has(sequence))).to.deep.equal([20, 30]);
  });

  it("do not make room for an older one", () => {
    const starts = new LineStarts();
    for (const sequence of [20, 30, 10]) starts.add(sequence);
    expect(starts.has(10)).to.equal(false);
  });

  it("wrap around", () => {
    const starts = new LineStarts();
    for (const sequence of [0xfffffff0, 5, 9]) starts.add(sequence);
    expect(starts.has(0xfffffff0)).to.equal(false);
    expect(starts.has(5)).to.equal(true);
  });
});
