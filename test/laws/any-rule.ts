import fc from "fast-check";
import type { OptionSpec } from "../../src/extensions/extension.ts";
import { keptOptions } from "../../src/model/extension-use.ts";
import { type Extension, placeOf } from "./save-line.ts";

/** One option as text, its value one of the argument type's samples. */
function optionText(extension: Extension, name: string, spec: OptionSpec<unknown>): fc.Arbitrary<string> {
  const site = { family: placeOf(extension).family, protocol: 6 };
  const values = fc.constantFrom(...spec.arg.samples.map((sample) => spec.arg.print(sample, site)));
  const bang = spec.invertible ? fc.constantFrom("", "! ") : fc.constant("");
  return fc.tuple(bang, values).map(([not, value]) => `${not}--${name}${value === "" ? "" : ` ${value}`}`);
}

/** Any choice of an extension's options, required ones always, in any order. */
export function anyRule(kind: "-m" | "-j", extension: Extension): fc.Arbitrary<string> {
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
