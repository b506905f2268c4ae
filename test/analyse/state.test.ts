import { expect } from "chai";
import fc from "fast-check";
import { PacketSpace } from "../../src/analyse/packet-space.ts";
import { mergeStates, type State } from "../../src/analyse/state.ts";
import { constant } from "../../src/analyse/vector.ts";
import { equals } from "../../src/formula/formula.ts";
import { fields } from "../../src/packet/fields.ts";

describe("states of rewritten packets", () => {
  // as DNAT of many services makes them: a new destination and its copy, with the packet's own mark or another
  const rewrite = fc.record({
    destination: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    mark: fc.option(fc.constantFrom(0, 0x4000)),
  });

  it("keep each packet's values when they are too many to be told apart", () => {
    fc.assert(
      fc.property(fc.array(rewrite, { minLength: 60, maxLength: 80 }), (rewrites) => {
        const space = new PacketSpace("ipv4");
        const states = rewrites.map(({ destination, mark }, index): State => {
          const vector = constant(destination, 32);
          const moved = space.entering.with(fields.destination4, vector).with(fields.ctReplySource, vector);
          const view = mark === null ? moved : moved.with(fields.mark, constant(mark, 32));
          return { set: space.set(equals(fields.destination4, index)), view };
        });
        const merged = mergeStates(space, states);
        expect(space.union(merged.map(({ set }) => set))).to.equal(space.union(states.map(({ set }) => set)));
        for (const { set, view } of states) {
          const [own, ...others] = merged.filter((one) => !space.disjoint(one.set, set));
          expect(others).to.deep.equal([]);
          for (const field of [fields.destination4, fields.ctReplySource, fields.mark]) {
            const within = (of: State["view"]) => space.vector(field, of).map((bit) => space.and(set, bit));
            expect(within(own?.view ?? space.entering)).to.deep.equal(within(view));
          }
        }
        if (new Set(states.map(({ view }) => view.key)).size > 48) expect(merged).to.have.length(1);
      }),
      { numRuns: 8 },
    );
  });
});
