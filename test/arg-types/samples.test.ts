import { expect } from "chai";
import { hostMask, networkList } from "../../src/arg-types/address-mask.ts";
import { addressRange } from "../../src/arg-types/address-range.ts";
import { type ArgSite, type ArgType, flag } from "../../src/arg-types/arg-type.ts";
import { choice } from "../../src/arg-types/choice.ts";
import { ctstateList, stateList } from "../../src/arg-types/connection-states.ts";
import { icmpType, icmpv6Type } from "../../src/arg-types/icmp-type.ts";
import { integer } from "../../src/arg-types/integer.ts";
import { integerRange } from "../../src/arg-types/integer-range.ts";
import { macAddress } from "../../src/arg-types/mac-address.ts";
import { mark, markMask } from "../../src/arg-types/mark.ts";
import { port } from "../../src/arg-types/port.ts";
import { portList } from "../../src/arg-types/port-list.ts";
import { portRange, serviceRange } from "../../src/arg-types/port-range.ts";
import { protocol, protocolNumber } from "../../src/arg-types/protocol.ts";
import { quotedString } from "../../src/arg-types/quoted-string.ts";
import { tcpFlags } from "../../src/arg-types/tcp-flags.ts";

/** The words of a printed argument: quotes are taken off as a shell or iptables-restore does. */
function words(text: string): string[] {
  const found = text.match(/"(?:\\.|[^"\\])*"|[^ ]+/g) ?? [];
  return found.map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, "$1") : word));
}

const types: Readonly<Record<string, ArgType<unknown>>> = {
  addressRange,
  choice: choice(["in", "out"]),
  ctstateList,
  flag,
  hostMask,
  icmpType,
  icmpv6Type,
  integer: integer({ min: 1, max: 32 }),
  integerRange: integerRange(65535),
  macAddress,
  mark,
  markMask,
  networkList,
  port,
  portList,
  portRange,
  protocol,
  protocolNumber,
  quotedString: quotedString("text", 255),
  serviceRange,
  stateList,
  tcpFlags,
};

describe("arg types", () => {
  for (const [name, type] of Object.entries(types)) {
    it(`${name}: parsing what it prints gives the value back`, () => {
      const site: ArgSite = { family: "ipv4", protocol: 6 };
      expect(type.samples).not.to.be.empty;
      for (const sample of type.samples) {
        const printed = words(type.print(sample, site));
        expect(printed).to.have.length(type.words);
        expect(type.parse(printed, site)).to.deep.equal({ ok: true, value: sample });
      }
    });
  }
});
