import { expect } from "chai";
import type { ArgSite } from "../../src/arg-types/arg-type.ts";
import type { OptionSpec, Sugar } from "../../src/extensions/extension.ts";
import { matches, targets } from "../../src/extensions/registry.ts";
import { longOptions } from "../../src/model/command-options.ts";
import { isSugar } from "../../src/model/extension-use.ts";
import { lexSaveLine } from "../../src/syntax/save-lexer.ts";
import { placeOf } from "./save-line.ts";

const globalNames = new Set(longOptions("ipv4").map(({ name }) => name));

/** The words of a printed argument, as a line of a save file has them behind an option. */
function wordsOf(text: string): string[] {
  const line = `-o ${text}`;
  return lexSaveLine(line, 0, line.length)
    .tokens.slice(1)
    .map((token) => token.text);
}

for (const [kind, extensions] of [["-m", matches] as const, ["-j", targets] as const]) {
  for (const extension of extensions) {
    const options = Object.entries<OptionSpec<unknown> | Sugar<unknown>>(extension.options);
    const names = options.map(([name]) => name);
    describe(`the option table of ${kind} ${extension.name}`, () => {
      it("names only options of its own", () => {
        for (const [, spec] of options) {
          const named = isSugar(spec) ? [spec.into] : [...(spec.excludes ?? []), ...(spec.requires ?? [])];
          expect(names).to.include.members(named);
        }
      });

      it("spells every option once, and none as iptables does", () => {
        const spelled = options.flatMap(([name, { aliases }]) => [name, ...(aliases ?? [])]);
        expect(spelled).to.deep.equal([...new Set(spelled)]);
        expect(spelled.filter((name) => globalNames.has(name))).to.deep.equal([]);
      });

      it("has no option that is required and has a fallback", () => {
        for (const [, spec] of options) {
          if (isSugar(spec)) continue;
          expect(spec.required && spec.fallback !== undefined, spec.help).to.not.equal(true);
          expect(spec.omitFallback && spec.fallback === undefined, spec.help).to.not.equal(true);
        }
      });

      it("says of every option what it does", () => {
        for (const [name, { help, arg }] of options) {
          expect(help, name).to.match(/\S/);
          expect(arg.placeholder === "", name).to.equal(arg.words === 0);
        }
      });

      for (const [name, { arg }] of options) {
        it(`reads back what it prints: --${name}`, () => {
          expect(arg.samples).to.not.be.empty;
          for (const sample of arg.samples) {
            const address = typeof sample === "bigint" ? "ipv6" : placeOf(extension).family;
            const site: ArgSite = { family: address, protocol: 6, extension: extension.name, option: name };
            const printed = arg.print(sample, site);
            const words = wordsOf(printed);
            expect(words.length, printed).to.equal(arg.words);
            const read = arg.parse(words, site);
            expect(read.ok && read.value, printed).to.deep.equal(sample);
            // it may know nothing, or only a part of the word, but never more
            const line = `-x ${printed} "-y"`;
            const end = arg.savedEnd?.(line, 3, line.length) ?? -1;
            expect(end, line).to.be.at.most(3 + printed.length);
            expect(arg.savedEnd?.(printed, 0, printed.length) ?? -1, printed).to.equal(
              end < 0 ? end : end - 3,
            );
          }
        });
      }
    });
  }
}
