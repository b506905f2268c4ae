import { expect } from "chai";
import fc from "fast-check";
import { fromHex } from "../../../src/packet/hex.ts";
import { checkIpHeader } from "../../../src/packet/ip-header.ts";
import { generateScenario } from "./scenario.ts";
import { themeNames } from "./themes.ts";

describe("generateScenario", () => {
  it("gives the same scenario for the same seed", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        expect(generateScenario(seed)).to.deep.equal(generateScenario(seed));
      }),
      { numRuns: 20 },
    );
  });

  it("gives another one for another seed", () => {
    const texts = Array.from({ length: 50 }, (_, number) => JSON.stringify(generateScenario(`s${number}`)));
    expect(new Set(texts).size).to.equal(50);
  });

  it("answers earlier packets only", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...themeNames), (seed, theme) => {
        for (const [index, packet] of generateScenario(seed, { theme }).packets.entries()) {
          if ("reply" in packet) expect(packet.reply.of).to.be.within(0, index - 1);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("sends whole packets, but for the theme of odd ones", () => {
    for (const theme of ["tcp", "udp", "icmp", "fragments"] as const) {
      for (const packet of generateScenario(`whole ${theme}`, { theme }).packets) {
        if ("reply" in packet) continue;
        const bytes = "frame" in packet ? fromHex(packet.frame).slice(14) : fromHex(packet.packet);
        expect(checkIpHeader(bytes).ok).to.equal(true);
      }
    }
  });

  it("never calls a chain from a later one of its hook: iptables refuses loops", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        for (const [, chain, target] of generateScenario(seed).rules.matchAll(
          /^-A (\w+_\d).* -[jg] (\w+_\d)$/gm,
        )) {
          expect(Number(target?.split("_")[1])).to.be.above(Number(chain?.split("_")[1]));
        }
      }),
      { numRuns: 100 },
    );
  });
});
