import { expect } from "chai";
import { UsageError } from "../../src/cli/exit-status.ts";
import { parseFlowTime, parseMoment } from "../../src/cli/time.ts";

describe("parseMoment", () => {
  it("reads seconds since 1970 and ISO 8601, in UTC unless told", () => {
    expect(parseMoment("1767225600")).to.equal(1767225600);
    expect(parseMoment("1767225600.25")).to.equal(1767225600.25);
    expect(parseMoment("2026-01-01T00:00:00Z")).to.equal(1767225600);
    expect(parseMoment("2026-01-01T00:00:00")).to.equal(1767225600);
    expect(parseMoment("2026-01-01")).to.equal(1767225600);
    expect(parseMoment("2026-01-01T01:00:00+01:00")).to.equal(1767225600);
  });

  it("refuses what is no time", () => {
    for (const text of ["", "noon", "-1", "2026-13-01", "1h"]) {
      expect(() => parseMoment(text), text).to.throw(UsageError, "is no time");
    }
  });
});

describe("parseFlowTime", () => {
  it("reads times from the start and, with a plus, from the packet before", () => {
    expect(parseFlowTime("2")).to.deep.equal({ relative: false, seconds: 2 });
    expect(parseFlowTime("2.5s")).to.deep.equal({ relative: false, seconds: 2.5 });
    expect(parseFlowTime("+300ms")).to.deep.equal({ relative: true, seconds: 0.3 });
    expect(parseFlowTime("+5m")).to.deep.equal({ relative: true, seconds: 300 });
    expect(parseFlowTime("1d")).to.deep.equal({ relative: false, seconds: 86400 });
  });

  it("gives nothing for what is no time", () => {
    for (const text of ["", "-1", "s", "+", "1 hour", "1w"])
      expect(parseFlowTime(text), text).to.equal(undefined);
  });
});
