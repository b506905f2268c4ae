import { expect } from "chai";
import fc from "fast-check";
import type { OptionSpec } from "../../src/extensions/extension.ts";
import { matches, targets } from "../../src/extensions/registry.ts";
import { keptOptions } from "../../src/model/extension-use.ts";
import { type Extension, placeOf, reprint } from "./save-line.ts";

/** One option as text, its value one of the argument type's samples. */
function optionText(extension: Extension, name: string, spec: OptionSpec<unknown>): fc.Arbitrary<string> {
  const site = { family: placeOf(extension).family, protocol: 6 };
  const values = fc.constantFrom(...spec.arg.samples.map((sample) => spec.arg.print(sample, site)));
  const bang = spec.invertible ? fc.constantFrom("", "! ") : fc.constant("");
  return fc.tuple(bang, values).map(([not, value]) => `${not}--${name}${value === "" ? "" : ` ${value}`}`);
}

/** Any choice of an extension's options, required ones always, in any order. */
function rule(kind: "-m" | "-j", extension: Extension): fc.Arbitrary<string> {
  const options = keptOptions(extension.options).map(([name, spec]) => {
    const text = optionText(extension, name, spec);
    return spec.required ? text : fc.option(text, { nil: "", freq: 2 });
  });
  // an example knows what the extension needs
  const saved = extension.examples.find((example) => "saves" in example);
  const before = saved?.saves.match(/^(-p .*?) ?-j /)?.[1];
  const protocol = saved?.rule.match(/(?:^| )-p (\S+)/)?.[1] ?? "tcp";
  const start = kind === "-j" && before !== undefined ? before : `-p ${protocol}`;
  return fc
    .tuple(...options)
    .chain((texts) => fc.shuffledSubarray(texts, { minLength: texts.length }))
    .map((texts) => [start, kind, extension.name, ...texts.filter((text) => text !== "")].join(" "));
}

/** All days inverted: iptables-save prints no day, which iptables-restore does not take. */
const noDays = /--(week|month)days {2}/;

describe("what is printed prints the same again", () => {
  for (const [kind, extensions] of [["-m", matches] as const, ["-j", targets] as const]) {
    for (const extension of extensions) {
      it(`${kind} ${extension.name}`, () => {
        const place = placeOf(extension);
        let taken = 0;
        fc.assert(
          fc.property(rule(kind, extension), (text) => {
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
