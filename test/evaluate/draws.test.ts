import { expect } from "chai";
import fc from "fast-check";
import { type DecideDraw, explore, likelihood } from "../../src/evaluate/draws.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";

const { ruleset } = parseRuleset("*filter\n-A INPUT -j ACCEPT\nCOMMIT\n", { family: "ipv4" });
const rule = ruleset.tables.get("filter")!.chains.get("INPUT")!.rules[0]!;
const draw = (number: number, probability: number) =>
  ({ rule, table: "filter", chain: "INPUT", number, probability }) as const;

describe("exploring draws", () => {
  it("follows both ways of every draw, the one that matches first", () => {
    const run = (decide: DecideDraw) => (decide(draw(1, 0.25)) ? "a" : decide(draw(2, 0.5)) ? "b" : "c");
    const { ways, complete } = explore(run, 10);
    expect(complete).to.equal(true);
    expect(ways.map((way) => [way.result, likelihood(way)])).to.deep.equal([
      ["a", 0.25],
      ["b", 0.375],
      ["c", 0.375],
    ]);
  });

  it("stops after as many ways as it may follow", () => {
    const run = (decide: DecideDraw) => [1, 2, 3].map((number) => decide(draw(number, 0.5)));
    expect(explore(run, 8).complete).to.equal(true);
    const cut = explore(run, 7);
    expect([cut.ways.length, cut.complete]).to.deep.equal([7, false]);
  });

  it("finds ways that are as likely together as certainty, none twice", () => {
    const shares = fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { maxLength: 6 });
    fc.assert(
      fc.property(shares, (all) => {
        const { ways } = explore((decide) => all.map((share, index) => decide(draw(index, share))), 64);
        expect(new Set(ways.map(({ result }) => result.join())).size).to.equal(2 ** all.length);
        expect(ways.reduce((sum, way) => sum + likelihood(way), 0)).to.be.closeTo(1, 1e-9);
      }),
    );
  });
});
