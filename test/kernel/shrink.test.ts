import { expect } from "chai";
import fc from "fast-check";
import type { Scenario } from "./scenario.ts";
import { shrinkList, shrinkScenario } from "./shrink.ts";

describe("shrinkList", () => {
  it("finds the few elements that matter, in their order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        async (list, pick) => {
          const needed = list.filter((_, index) => (index + pick) % 7 === 0);
          const rest = await shrinkList(list, async (left) => needed.every((one) => left.includes(one)));
          expect(rest).to.deep.equal(needed);
        },
      ),
    );
  });

  it("leaves a list from which nothing can go", async () => {
    expect(await shrinkList([1, 2, 3], async (left) => left.length === 3)).to.deep.equal([1, 2, 3]);
  });

  it("needs no more than a few hundred questions for sixty elements", async () => {
    const list = Array.from({ length: 60 }, (_, index) => index);
    let asked = 0;
    await shrinkList(list, async (left) => {
      asked++;
      return left.includes(3) && left.includes(41);
    });
    expect(asked).to.be.below(200);
  });
});

describe("shrinkScenario", () => {
  const rules = [
    "*filter",
    ":INPUT ACCEPT [0:0]",
    ":own - [0:0]",
    ":other - [0:0]",
    "-A INPUT -p tcp -j own",
    "-A INPUT -p udp -j other",
    "-A own -j DROP",
    "COMMIT",
    "*nat",
    ":POSTROUTING ACCEPT [0:0]",
    "-A POSTROUTING -j MASQUERADE",
    "COMMIT",
    "",
  ].join("\n");
  const packets = ["00", "01", "02"].map((packet) => ({ local: true as const, packet }));
  const scenario: Scenario = { rules, packets };

  it("takes away packets, rules, chains and tables", async () => {
    const small = await shrinkScenario(scenario, async (one) => {
      const texts = one.packets.map((packet) => ("packet" in packet ? packet.packet : ""));
      return texts.includes("01") && one.rules.includes("-A INPUT -p tcp -j own") && /:own/.test(one.rules);
    });
    expect(small.packets).to.deep.equal([{ local: true, packet: "01" }]);
    expect(small.rules.split("\n")).to.deep.equal([
      "*filter",
      ":INPUT ACCEPT [0:0]",
      ":own - [0:0]",
      "-A INPUT -p tcp -j own",
      "COMMIT",
      "",
    ]);
  });
});
