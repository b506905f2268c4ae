import { expect } from "chai";
import { Entry } from "../../../src/conntrack/entry.ts";
import { printExpectation } from "../../../src/conntrack/helper/print-expectation.ts";
import { defaultZone } from "../../../src/conntrack/zone.ts";
import type { Tuple } from "../../../src/packet/connection.ts";

const original: Tuple = {
  source: 0x0a000009,
  destination: 0x08080808,
  protocol: 6,
  sourcePort: 5353,
  destinationPort: 21,
  icmpType: 0,
  icmpCode: 0,
  zone: 0,
};

describe("a line of conntrack -L expect", () => {
  it("names the expected connection, its master and the seconds that are left", () => {
    const master = new Entry(original, defaultZone, false);
    master.makeRare().helper = "ftp";
    const { source, destination } = original;
    const line = printExpectation(
      { master, protocol: 6, source, destination, destinationPort: 32855 },
      299.9,
    );
    // recorded from conntrack 1.4.7 on Linux 6.18
    expect(line).to.equal(
      "299 proto=6 src=10.0.0.9 dst=8.8.8.8 sport=0 dport=32855 mask-src=255.255.255.255 mask-dst=255.255.255.255 " +
        "sport=0 dport=65535 master-src=10.0.0.9 master-dst=8.8.8.8 sport=5353 dport=21 class=0 helper=ftp",
    );
  });
});
