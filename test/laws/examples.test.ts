import { expect } from "chai";
import { matches, targets } from "../../src/extensions/registry.ts";
import { matchesPacket } from "./match-packet.ts";
import { append, placeOfExample, reprint } from "./save-line.ts";

for (const [kind, extensions] of [["-m", matches] as const, ["-j", targets] as const]) {
  for (const extension of extensions) {
    describe(`the examples of ${kind} ${extension.name}`, () => {
      it("show what is saved", () => {
        expect(extension.examples.some((example) => "saves" in example)).to.equal(true);
      });

      for (const example of extension.examples) {
        const place = placeOfExample(extension, example);
        if ("saves" in example) {
          it(`${example.rule} is saved`, () => {
            const saves = example.saves === "=" ? example.rule : example.saves;
            expect(append(example.rule, place)).to.deep.equal({ saves });
          });
          it(`${example.rule} is saved the same again`, () => {
            const saves = example.saves === "=" ? example.rule : example.saves;
            expect(reprint(saves, place)).to.deep.equal({ saves });
          });
        } else if ("refused" in example) {
          it(`${example.rule} is refused: ${example.refused}`, () => {
            expect(append(example.rule, place)).to.deep.equal({ refused: [example.refused] });
          });
        } else {
          const { rule, packet, matches: does } = example;
          it(`${rule} ${does ? "matches" : "does not match"} ${packet}`, () => {
            expect(matchesPacket(rule, place, packet)).to.equal(does);
          });
        }
      }
    });
  }
}
