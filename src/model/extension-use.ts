import type { ArgSite, ArgType, ArgWarning } from "../arg-types/arg-type.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { Arg, Match, OptionSpec, OptionTable, Site, Sugar, Target } from "../extensions/extension.ts";
import type { Family } from "../packet/address.ts";
import type { Word } from "../syntax/tree.ts";
import type { LongOption } from "./getopt.ts";
import { refuse } from "./refusal.ts";
import type { BoundArgs } from "./ruleset.ts";

type Spec = OptionSpec<unknown> | Sugar<unknown>;

export const isSugar = (spec: Spec): spec is Sugar<unknown> => "into" in spec;

const calledOf = (name: string, spec: Spec): string => (isSugar(spec) ? undefined : spec.called) ?? name;

/** The kept options of a table by name, in the order in which they are printed. */
export function keptOptions(table: OptionTable): readonly (readonly [string, OptionSpec<unknown>])[] {
  let options = kept.get(table);
  if (options === undefined) {
    options = Object.entries(table).filter((entry): entry is KeptOption => !isSugar(entry[1]));
    kept.set(table, options);
  }
  return options;
}

type KeptOption = [string, OptionSpec<unknown>];
const kept = new WeakMap<OptionTable, readonly KeptOption[]>();

/** One `-m` or `-j` of a rule while its options are read. */
export class ExtensionUse<E extends Match | Target> {
  readonly extension: E;
  /** The word that loaded it. */
  readonly word: Word;
  readonly #given = new Map<
    string,
    { value: unknown; inverted: boolean; span: Span; name: string; as: string }
  >();
  readonly #spelled = new Set<string>();
  /** What stands behind each option that begins an element (`OptionSpec.begins`). */
  readonly #elements: Record<string, Arg<unknown>>[] = [];
  /** The first two spellings that cannot stand together, by their place in the option table. */
  #clash: { readonly names: readonly string[]; readonly span: Span } | undefined;

  constructor(extension: E, word: Word) {
    this.extension = extension;
    this.word = word;
  }

  /** The use's options for getopt; `key` must tell two uses of one extension apart. */
  longOptions<T>(key: string, family: Family, meaning: (name: string) => T): readonly LongOption<T>[] {
    const options = Object.entries<Spec>(this.extension.options).filter(
      ([, spec]) => isSugar(spec) || spec.families?.includes(family) !== false,
    );
    return options.flatMap(([option, { arg, aliases }]) =>
      [option, ...(aliases ?? [])].map((name) => ({
        name,
        argument: arg.words === 0 || arg.optional ? ("none" as const) : ("required" as const),
        key: `${key}.${option}`,
        meaning: meaning(option),
      })),
    );
  }

  /** The type of an option's argument. */
  argOf(name: string): ArgType<unknown> {
    return this.#spec(name).arg;
  }

  #spec(name: string): Spec {
    return this.extension.options[name]!;
  }

  /** Takes one option with its words; gives what is worth saying of them. */
  take(
    name: string,
    words: readonly Word[],
    inverted: boolean,
    span: Span,
    site: ArgSite,
  ): ArgWarning | undefined {
    const spec = this.#spec(name);
    const extension = this.extension.name;
    const called = calledOf(name, spec);
    const kept = isSugar(spec) ? spec.into : name;
    const element = this.#elementFor(name);
    const before = element ? element[name] && { name } : this.#given.get(kept);
    if (before && spec.once) refuse("repeated-option", spec.once, span);
    const repeatable = !isSugar(spec) && spec.repeatable;
    if (!element && this.#spelled.has(name) && !repeatable) {
      refuse("repeated-option", `${extension}: option "--${called}" can only be used once.`, span);
    }
    if (inverted && !spec.invertible) {
      const words = isSugar(spec) ? undefined : spec.cannotInvert;
      refuse("not-invertible", words ?? `${extension}: option "--${called}" cannot be inverted.`, span);
    }
    const read = spec.arg.parse(
      words.map((word) => word.text),
      { ...site, extension, option: called },
    );
    if (!read.ok) {
      const at = words.length > 0 ? { start: words[0]!.span.start, end: words.at(-1)!.span.end } : span;
      refuse("bad-value", read.message, at, read.help);
    }
    this.#spelled.add(name);
    if (element) {
      element[name] = { value: read.value, inverted };
      return read.warning;
    }
    if (!isSugar(spec)) for (const other of spec.gives?.(read.value) ?? []) this.#spelled.add(other);
    if (!isSugar(spec) && spec.begins) this.#elements.push({});
    if (before && before.name !== name) {
      const order = Object.keys(this.extension.options);
      const names = [before.name, name].sort((a, b) => order.indexOf(a) - order.indexOf(b));
      this.#clash ??= { names: names.map((each) => calledOf(each, this.#spec(each))), span };
    }
    const value = isSugar(spec) ? spec.convert(read.value) : read.value;
    const isInverted = inverted || this.#given.get(kept)?.inverted === true;
    this.#given.delete(kept);
    this.#given.set(kept, { value, inverted: isInverted, span, name, as: called });
    return read.warning;
  }

  /** The element behind the first one that an option belongs to. */
  #elementFor(name: string): Record<string, Arg<unknown>> | undefined {
    const begun = Object.values<Spec>(this.extension.options).some(
      (spec) => !isSugar(spec) && spec.begins?.includes(name),
    );
    return begun ? this.#elements.at(-1) : undefined;
  }

  /** The options as they are kept, unless iptables refuses them. */
  finish(site: Site): BoundArgs {
    const args = this.#keptArgs(site);
    // the kernel's objections wait until it is known from where the chain is reached
    const problem = this.extension.check?.(args, site).find(({ kernel }) => !kernel);
    if (problem) refuse(problem.code, problem.message, this.#spanOf(problem.option), problem.help);
    this.#checkTogether();
    return args;
  }

  /** In the order in which they were given, then the fallbacks, then normalized. */
  #keptArgs(site: Site): BoundArgs {
    const { name: extension, options } = this.extension;
    const args: Record<string, { value: unknown; inverted: boolean }> = {};
    for (const [name, { value, inverted }] of this.#given) {
      const spec = this.#spec(name);
      const begins = !isSugar(spec) && spec.begins !== undefined;
      args[name] = { value: begins ? this.#elements : value, inverted };
    }
    for (const [name, spec] of keptOptions(options)) {
      if (this.#given.has(name)) continue;
      if (spec.required) {
        const message = `${extension}: option "--${name}" must be specified`;
        refuse("option-missing", message, this.word.span, `add \`--${name} ${spec.arg.placeholder}\``);
      }
      if (spec.fallback !== undefined) args[name] = { value: spec.fallback, inverted: false };
    }
    return this.extension.normalize?.(args, site) ?? args;
  }

  /** Refuses what the option table says of the options together. libxtables does so behind the extension's own check. */
  #checkTogether(): void {
    const { name: extension, options } = this.extension;
    const conflict = (one: string, other: string, span: Span): never =>
      refuse(
        "option-conflict",
        `${extension}: option "--${one}" cannot be used together with "--${other}".`,
        span,
      );
    if (this.#clash) conflict(this.#clash.names[0]!, this.#clash.names[1]!, this.#clash.span);
    for (const [name, spec] of keptOptions(options)) {
      const given = this.#given.get(name);
      if (given === undefined) continue;
      for (const other of spec.excludes ?? []) {
        const clash = this.#given.get(other);
        if (clash) conflict(given.as, clash.as, given.span);
      }
      for (const other of spec.requires ?? []) {
        if (this.#given.has(other)) continue;
        refuse("option-missing", `${extension}: option "--${name}" also requires "--${other}".`, given.span);
      }
    }
  }

  /** Where an option stands, for a problem that names it. */
  #spanOf(option: string | undefined): Span {
    return (option === undefined ? undefined : this.#given.get(option)?.span) ?? this.word.span;
  }
}
