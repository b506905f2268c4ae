import { expect } from "chai";
import fc from "fast-check";
import { matches, targets } from "../../src/extensions/registry.ts";
import { anyRule } from "./any-rule.ts";
import { placeOf, reprint } from "./save-line.ts";

/** All days inverted: iptables-save prints no day, which iptables-restore does not take. */
const noDays = /--(week|month)days {2}/;

describe("what is printed prints the same again", () => {
  for (const [kind, extensions] of [["-m", matches] as const, ["-j", targets] as const]) {
    for (const extension of extensions) {
      it(`${kind} ${extension.name}`, () => {
        const place = placeOf(extension);
        let taken = 0;
        fc.assert(
          fc.property(anyRule(kind, extension), (text) => {
            const once = reprint(text, place);
            if ("refused" in once || noDays.test(once.saves)) return;
            taken++;
            expect(reprint(once.saves, place)).to.deep.equal(once);
          }),
          { numRuns: 200 },
        );
        expect(taken, "of 200 rules none was taken").to.be.greaterThan(0);
      });
    }
  }
});
