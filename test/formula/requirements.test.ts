import { expect } from "chai";
import fc from "fast-check";
import { compile } from "../../src/formula/compile.ts";
import {
  equals,
  type Formula,
  hotdropIf,
  inRanges,
  masked,
  opaque,
  quietOpaque,
  stateful,
  unknown,
} from "../../src/formula/formula.ts";
import { requirementsOf } from "../../src/formula/requirements.ts";
import type { Address } from "../../src/packet/address.ts";
import { buildIpv4 } from "../../src/packet/build.ts";
import type { Context, World } from "../../src/packet/context.ts";
import { type Field, fields } from "../../src/packet/fields.ts";
import { Packet } from "../../src/packet/packet.ts";

/** Runs formulas and writes down what they do besides answering. */
class Watched {
  done: string[] = [];
  readonly world: World = {
    now: 0,
    timeZoneMinutes: 0,
    addressType: () => "UNICAST",
    shared: (_, make) => make(),
    connections: { find: () => undefined },
    random: () => 0,
    chance: () => false,
    assume: (text) => void this.done.push(text),
  };

  context(mark: number, dport: number, inDevice: string): Context {
    const payload = Uint8Array.of(4, 0, dport >> 8, dport, 0, 8, 0, 0);
    const packet = new Packet(
      buildIpv4({ source: 0x0a000001, destination: 0xc0000207, protocol: 17, ttl: 9, payload }),
    );
    packet.mark = mark;
    return { packet, hook: "INPUT", inDevice, outDevice: undefined, world: this.world, hotdrop: false };
  }

  readonly leaf: fc.Arbitrary<Formula> = fc.oneof(
    fc.constant(stateful("memory", () => () => this.done.push("memory") > 0)),
    fc.constant(opaque("host", () => this.done.push("host") > 0)),
    fc.constant(unknown("assumed")),
    fc.boolean().map((value) => quietOpaque(`pure ${value}`, () => value)),
  );
}

const watched = new Watched();
const number = fc.nat(3);
const ranges = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 3 });
const fieldsAsked: readonly Field[] = [fields.mark, fields.destinationPort, fields.protocol, fields.icmpType];
const pure: fc.Arbitrary<Formula> = fc.oneof(
  fc.tuple(fc.constantFrom(...fieldsAsked), ranges).map(([field, list]) => inRanges(field, list)),
  fc.tuple(number, number).map(([mask, value]) => masked(fields.mark, mask, value & mask)),
  fc.constantFrom(0x0a000000, 0xc0000200).map((value) => masked(fields.source4, 0xffffff00, value)),
  fc.constant(equals(fields.protocol, 17)),
  fc
    .tuple(fc.constantFrom("eth0", "eth1", "eth"), fc.boolean())
    .map(([name, prefix]): Formula => ({ kind: "device", field: "inDevice", name, prefix })),
);
const { any } = fc.letrec<{ any: Formula }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    pure,
    pure,
    watched.leaf,
    fc.array(tie("any"), { maxLength: 3 }).map((of): Formula => ({ kind: "and", of })),
    fc.array(tie("any"), { maxLength: 3 }).map((of): Formula => ({ kind: "or", of })),
    tie("any").map((of): Formula => ({ kind: "not", of })),
    tie("any").map((of) => hotdropIf(of, "malformed")),
  ),
}));

describe("what a conjunction requires", () => {
  it("lets nothing be passed over that would do anything, and says of nothing else that it matches", () => {
    let passedOver = 0;
    let sure = 0;
    fc.assert(
      fc.property(
        fc.array(any, { minLength: 1, maxLength: 5 }),
        number,
        number,
        fc.constantFrom("eth0", "eth1"),
        (parts, mark, dport, device) => {
          const context = watched.context(mark, dport, device);
          const { all, hotdrops, isAll } = requirementsOf(parts);
          const misses = all.some(({ word, mask, values }) => !values.includes(word.read(context) & mask));
          const drops = hotdrops.some(
            ({ of, protocol }) =>
              (protocol === undefined || protocol === 17) && compile(of, watched.world)(context),
          );
          watched.done = [];
          const holds = compile({ kind: "and", of: parts }, watched.world)(context);
          if (drops) return;
          if (!misses) {
            if (!isAll) return;
            sure++;
            expect([holds, context.hotdrop, watched.done]).to.deep.equal([true, false, []]);
            return;
          }
          passedOver++;
          expect([holds, context.hotdrop, watched.done]).to.deep.equal([false, false, []]);
        },
      ),
      { numRuns: 3000 },
    );
    expect(passedOver).to.be.above(300);
    expect(sure).to.be.above(30);
  });

  it("is all that a leaf asks only where no other packet meets it", () => {
    const edges = [
      0, 1, 2, 127, 128, 255, 256, 0x8000, 0xffff, 0x0a000000, 0x0a0000ff, 0x80000000, 0xffffffff,
    ];
    const edge = fc.constantFrom(...edges);
    const fieldsOfAll = fc.constantFrom(
      ...[fields.mark, fields.destinationPort, fields.source4, fields.ctmark, fields.ctOriginalSourcePort],
    );
    const leaf: fc.Arbitrary<Formula> = fc.oneof(
      fc.tuple(fieldsOfAll, edge, edge).map(([field, low, high]) => inRanges(field, [[low, high]])),
      fc.tuple(fieldsOfAll, edge, edge).map(([field, ...ends]) =>
        inRanges(
          field,
          ends.map((end) => [end, end]),
        ),
      ),
      fc.tuple(fieldsOfAll, edge, edge).map(([field, mask, value]) => masked(field, mask, value)),
    );
    const seen = new Set<string>();
    fc.assert(
      fc.property(leaf, edge, edge, (formula, mark, dport) => {
        const context = watched.context(mark, dport & 0xffff, "eth0");
        const { all, isAll } = requirementsOf([formula]);
        const meets = all.every(({ word, mask, values }) => values.includes(word.read(context) & mask));
        const holds = compile(formula, watched.world)(context);
        if (isAll) expect(holds).to.equal(meets);
        else if (holds) expect(meets).to.equal(true);
        if (isAll && "field" in formula) seen.add(`${formula.kind} ${holds}`);
      }),
      { numRuns: 10_000 },
    );
    expect(seen.size).to.be.above(3);
  });

  const asked = (formula: Formula) =>
    requirementsOf([formula]).all.map(({ word, mask, values }) => [word.name, mask >>> 0, values]);

  it("covers a range with the few smallest blocks that will do", () => {
    expect(asked(inRanges(fields.destinationPort, [[1024, 2047]]))).to.deep.equal([
      ["destination port", 0xffffff00, [1024, 1280, 1536, 1792]],
    ]);
    expect(asked(inRanges(fields.destinationPort, [[0, 65535]]))).to.deep.equal([
      ["destination port", 0xffffc000, [0, 16384, 32768, 49152]],
    ]);
  });

  it("reads IPv6 addresses word by word, as far as the prefix goes", () => {
    const network: readonly Address[] = [
      0xffffffff_ffff0000_00000000_00000000n,
      0x20010db8_00010000_00000000_00000000n,
    ];
    expect(asked(masked(fields.source6, network[0]!, network[1]!))).to.deep.equal([
      ["source address", 0xffffffff, [0x20010db8]],
      ["source address", 0xffff0000, [0x00010000]],
    ]);
  });
});
