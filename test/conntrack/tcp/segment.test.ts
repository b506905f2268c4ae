import { expect } from "chai";
import {
  highestSack,
  isAfter,
  isBefore,
  readSegment,
  readSynOptions,
} from "../../../src/conntrack/tcp/segment.ts";

/** A bare TCP header with these options. */
function header(options: readonly number[]): Uint8Array {
  const padded = [...options];
  while (padded.length % 4 !== 0) padded.push(0);
  const bytes = new Uint8Array(20 + padded.length);
  bytes[12] = ((20 + padded.length) / 4) << 4;
  bytes[13] = 0x10;
  bytes.set(padded, 20);
  return bytes;
}

const segment = (options: readonly number[]) => readSegment(header(options), 0);

describe("TCP segments", () => {
  it("order sequence numbers across the wrap", () => {
    expect(isBefore(0xfffffff0, 5)).to.equal(true);
    expect(isAfter(5, 0xfffffff0)).to.equal(true);
    expect(isBefore(7, 7)).to.equal(false);
  });

  it("read window scale and SACK permission, and cap the scale at 14", () => {
    expect(readSynOptions(segment([2, 4, 5, 180, 4, 2, 3, 3, 7]))).to.deep.equal({
      scale: 7,
      sackPermitted: true,
    });
    expect(readSynOptions(segment([1, 3, 3, 200]))).to.deep.equal({ scale: 14, sackPermitted: false });
  });

  it("stop at an option that is malformed or ends the list", () => {
    expect(readSynOptions(segment([9, 1, 3, 3, 7]))).to.deep.equal({
      scale: undefined,
      sackPermitted: false,
    });
    expect(readSynOptions(segment([9, 40, 3, 3, 7]))).to.deep.equal({
      scale: undefined,
      sackPermitted: false,
    });
    expect(readSynOptions(segment([0, 3, 3, 7]))).to.deep.equal({ scale: undefined, sackPermitted: false });
  });

  it("give the highest edge of the first SACK option", () => {
    const blocks = [5, 18, 0, 0, 0, 10, 0, 0, 0, 20, 0, 0, 0, 40, 0, 0, 0, 50];
    expect(highestSack(segment(blocks), 5)).to.equal(50);
    expect(highestSack(segment(blocks), 60)).to.equal(60);
  });
});
