import { expect } from "chai";
import fc from "fast-check";
import { SlotLists } from "../../../src/evaluate/index/slot-lists.ts";

describe("lists of slots", () => {
  it("hold what arrays would hold", () => {
    const slots = fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 9 });
    const edits = fc.array(fc.tuple(fc.nat(7), fc.nat(99)), { maxLength: 80 });
    fc.assert(
      fc.property(fc.array(slots, { minLength: 1, maxLength: 8 }), edits, (given, steps) => {
        const lists = new SlotLists();
        const plain = given.map((list) => list.sort((one, other) => one - other));
        const places = plain.map((list) => lists.add(list));
        for (const [number, slot] of steps) {
          const which = number % plain.length;
          const list = plain[which]!;
          if (list.includes(slot)) {
            list.splice(list.indexOf(slot), 1);
            expect(lists.remove(places[which]!, slot)).to.equal(list.length);
          } else {
            list.push(slot);
            list.sort((one, other) => one - other);
            places[which] = lists.insert(places[which]!, slot, (one, other) => one < other);
          }
        }
        const held = places.map((at) => [...lists.numbers.subarray(at + 1, at + 1 + lists.numbers[at]!)]);
        expect(held).to.deep.equal(plain);
      }),
    );
  });
});
