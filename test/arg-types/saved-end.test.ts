import { expect } from "chai";
import fc from "fast-check";
import type { ArgSite, ArgType } from "../../src/arg-types/arg-type.ts";
import { portRange, serviceRange } from "../../src/arg-types/port-range.ts";
import { quotedString } from "../../src/arg-types/quoted-string.ts";
import { PlainWords } from "../../src/syntax/plain-words.ts";

const site: ArgSite = { family: "ipv4", protocol: 6 };

const portParts = ["0", "1", "6", "22", "655", "35", ":", "x", "+", "ssh"];

/** What each type's arguments are made of, and arguments that it tells the end of. */
const types: readonly (readonly [
  name: string,
  type: ArgType<unknown>,
  parts: readonly string[],
  told: readonly string[],
])[] = [
  [
    "quoted-string",
    quotedString("text", 12),
    ["a", "b-c", "_", "9", ".", " ", '"', "'", "\\", "\t", "é", "-", "four"],
    ["ssh", '"two words"', '""', '"10.0.0.1"'],
  ],
  ["port-range", portRange, portParts, ["0", "22", "65535"]],
  ["service-range", serviceRange, portParts, ["0", "22", "65535"]],
];

describe("arguments whose characters tell that they are saved ones", () => {
  for (const [name, type, parts, told] of types) {
    const endOf = (text: string): number | undefined => type.savedEnd?.(text, 0, text.length);

    it(`${name}: some are told`, () => {
      expect(told.map(endOf)).to.deep.equal(told.map((text) => text.length));
    });

    it(`${name}: what is told to be one is read without a word and printed again`, () => {
      const text = fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map((some) => some.join(""));
      const quoted = fc.tuple(text, fc.boolean()).map(([some, marks]) => (marks ? `"${some}"` : some));
      fc.assert(
        fc.property(fc.tuple(quoted, text), ([argument, rest]) => {
          const line = `${argument} ${rest}`;
          const end = type.savedEnd?.(line, 0, line.length) ?? -1;
          if (end < 0 || line[end] !== " ") return;
          const words = new PlainWords(line, 0, line.length);
          const read = type.parse([words.next()], site);
          expect(words.at, line).to.equal(end + 1);
          expect(read.ok && read.warning === undefined, line).to.equal(true);
          expect(read.ok && type.print(read.value, site), line).to.equal(line.slice(0, end));
        }),
        { numRuns: 3000 },
      );
    });
  }
});
