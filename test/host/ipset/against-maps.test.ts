import { expect } from "chai";
import fc from "fast-check";
import type { IpSet } from "../../../src/host/ipset/ip-set.ts";
import { LiveSets } from "../../../src/host/ipset/live-sets.ts";
import { parseIpsets } from "../../../src/host/ipset/parse-ipsets.ts";
import type { Context } from "../../../src/packet/context.ts";
import type { HostSets, SetDirection } from "../../../src/packet/host-sets.ts";
import { randomLines } from "./random-lines.ts";
import { randomPacket } from "./random-packets.ts";
import { MapCommands } from "./reference/map-commands.ts";
import type { MapSet } from "./reference/map-set.ts";
import { MapSets } from "./reference/map-sets.ts";

/** All that can be known of sets: their names and entries in order. Without counters nobody asks what was counted. */
const shown = (sets: Iterable<IpSet | MapSet>): unknown =>
  [...sets].map(({ name, type, options, entries }) => [
    name,
    type.name,
    entries.map((entry) => (options.counters ? entry : { ...entry, packets: 0, bytes: 0 })),
  ]);

/** What a rule does to sets with a packet, and what it learns. */
type Step = (sets: HostSets, context: Context) => unknown;

const reference = fc.record({
  name: fc.constantFrom("a", "b", "c", "d"),
  directions: fc.array(fc.constantFrom<SetDirection>("src", "dst"), { minLength: 1, maxLength: 3 }),
});
const compared = fc.option(
  fc.record({ is: fc.constantFrom("eq", "ne", "lt", "gt"), value: fc.constantFrom(1n, 2n, 4n) }),
  {
    nil: undefined,
    freq: 1,
  },
);
const how = fc.record({
  returnNomatch: fc.boolean(),
  keepCounters: fc.boolean(),
  keepSubcounters: fc.boolean(),
  packets: compared,
});
const addition = fc.record({ exist: fc.boolean(), timeout: fc.constantFrom(undefined, undefined, 0, 1, 4) });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(reference, how).map(
      ([set, test]): Step =>
        (sets, context) =>
          sets.test(set, context, test),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(reference, addition).map(
      ([set, add]): Step =>
        (sets, context) =>
          sets.add(set, context, add),
    ),
  },
  {
    weight: 1,
    arbitrary: reference.map(
      (set): Step =>
        (sets, context) =>
          sets.remove(set, context),
    ),
  },
);
const steps = fc.array(fc.tuple(step, randomPacket, fc.constantFrom(0, 0, 0.4, 1, 1.3)), {
  maxLength: 60,
  size: "max",
});

function read(lines: readonly string[]) {
  const { ipsets, diagnostics } = parseIpsets(lines.join("\n"));
  const maps = new MapCommands();
  const refused = lines.filter((line) => !maps.run(line)).length;
  return { ipsets, maps, refused, diagnostics };
}

describe("the store of ipsets", () => {
  it("is after any commands what a plain map of strings would be", () => {
    let entries = 0;
    fc.assert(
      fc.property(randomLines, (lines) => {
        const { ipsets, maps, refused, diagnostics } = read(lines);
        expect(diagnostics).to.have.length(refused);
        expect(shown(ipsets.sets.values())).to.deep.equal(shown(maps.sets.values()));
        for (const set of ipsets.sets.values()) entries += set.entries.length;
      }),
      { numRuns: 400 },
    );
    expect(entries).to.be.above(500);
  });

  it("gives packets what maps would give them, and is left as they would be", () => {
    let found = 0;
    fc.assert(
      fc.property(randomLines, steps, (lines, all) => {
        const { ipsets, maps } = read(lines);
        const before = shown(ipsets.sets.values());
        const live = new LiveSets(ipsets, 1000, new Set());
        const mapped = new MapSets(maps.sets, 1000, new Set());
        let now = 1000;
        for (const [does, packet, later] of all) {
          now += later;
          const context = packet(now);
          const result = does(live, context);
          expect(result).to.deep.equal(does(mapped, context));
          if (result) found++;
        }
        expect(shown(live.sets)).to.deep.equal(shown(mapped.sets));
        expect(shown(ipsets.sets.values()), "another machine's sets").to.deep.equal(before);
      }),
      { numRuns: 400 },
    );
    expect(found).to.be.above(300);
  });
});
