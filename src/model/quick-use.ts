import type { ArgSite } from "../arg-types/arg-type.ts";
import type { Arg, Match, OptionSpec, Site, Target } from "../extensions/extension.ts";
import type { PlainWords } from "../syntax/plain-words.ts";
import { longOptions } from "./command-options.ts";
import { keptOptions } from "./extension-use.ts";
import { argsOf } from "./rule-formula.ts";
import type { BoundArgs } from "./ruleset.ts";

interface QuickOption {
  readonly name: string;
  readonly spec: OptionSpec<unknown>;
  readonly site: ArgSite;
}

/** What is looked up once for all uses of an extension. */
interface QuickExtension<E> {
  readonly extension: E;
  /** The options that stand for themselves, by the word that names them: no abbreviations, no other spellings. */
  readonly options: ReadonlyMap<string, QuickOption>;
  /** The options of which the table says something although they are absent. */
  readonly defaults: readonly (readonly [name: string, spec: OptionSpec<unknown>])[];
  /** The options of which it says something besides other ones. */
  readonly bound: readonly (readonly [name: string, spec: OptionSpec<unknown>])[];
}

/** iptables' own long options come before an extension's of the same name. */
const ownNames: ReadonlySet<string> = new Set(longOptions("ipv4").map(({ name }) => name));
const none: readonly string[] = [];
/** Longer texts are hardly ever the same in two rules: comments, above all. */
const sharedLength = 48;
/** How many uses are remembered before all are forgotten: those that keep coming are soon known again. */
const mostKnown = 5000;

/**
 * Reads what stands behind one `-m` or `-j` with its options' names in full, and remembers it: rules with the same words
 * share the result. One reader serves rules of one table, one set of hooks and one `-p`, on which the reading may depend.
 */
export class QuickUseReader<E extends Match | Target, U extends object> {
  readonly #site: Site;
  readonly #argSite: ArgSite;
  readonly #named: ReadonlyMap<string, E>;
  readonly #wrap: (extension: E, args: BoundArgs) => U;
  readonly #extensions = new Map<string, QuickExtension<E>>();
  readonly #known = new Map<string, U>();

  constructor(
    site: Site,
    sets: ArgSite["sets"],
    named: ReadonlyMap<string, E>,
    wrap: (extension: E, args: BoundArgs) => U,
  ) {
    this.#site = site;
    this.#argSite = {
      family: site.family,
      protocol: site.protocol?.inverted ? undefined : site.protocol?.value,
      ...(sets ? { sets } : {}),
    };
    this.#named = named;
    this.#wrap = wrap;
  }

  /** The use at the cursor; `undefined` where anything about it is out of the ordinary. */
  read(words: PlainWords): U | undefined {
    const { at, end: lineEnd } = words;
    const end = words.segmentEnd();
    words.end = end;
    const use = end - at > sharedLength ? this.#bind(words) : this.#recall(words);
    words.end = lineEnd;
    words.at = end + 1;
    return use;
  }

  #recall(words: PlainWords): U | undefined {
    const segment = words.text.slice(words.at, words.end);
    const known = this.#known.get(segment);
    if (known !== undefined) return known;
    const use = this.#bind(words);
    if (use === undefined) return undefined;
    if (this.#known.size === mostKnown) this.#known.clear();
    this.#known.set(segment, use);
    return use;
  }

  #bind(words: PlainWords): U | undefined {
    const quick = this.#extension(words.next());
    if (quick === undefined) return undefined;
    const { extension, options } = quick;
    const args: Record<string, Arg<unknown>> = {};
    while (!words.done) {
      const inverted = words.bang();
      const option = options.get(words.next());
      if (option === undefined || (inverted && !option.spec.invertible)) return undefined;
      const given = valuesOf(words, option.spec.arg.words);
      const read = given && option.spec.arg.parse(given, option.site);
      if (!read?.ok || read.warning || args[option.name]) return undefined;
      args[option.name] = { value: read.value, inverted };
    }
    for (const [option, spec] of quick.bound) {
      if (args[option] === undefined) continue;
      if (spec.excludes?.some((other) => args[other])) return undefined;
      if (spec.requires?.some((other) => !args[other])) return undefined;
    }
    for (const [option, spec] of quick.defaults) {
      if (args[option] !== undefined) continue;
      if (spec.required) return undefined;
      args[option] = { value: spec.fallback, inverted: false };
    }
    const bound: BoundArgs = extension.normalize?.(argsOf(args), this.#site) ?? args;
    const refused = extension.check?.(argsOf(bound), this.#site).some(({ kernel }) => !kernel);
    return refused ? undefined : this.#wrap(extension, bound);
  }

  #extension(name: string): QuickExtension<E> | undefined {
    const known = this.#extensions.get(name);
    if (known !== undefined) return known;
    const quick = this.#prepare(name);
    if (quick !== undefined) this.#extensions.set(name, quick);
    return quick;
  }

  #prepare(name: string): QuickExtension<E> | undefined {
    const { family } = this.#site;
    const extension = this.#named.get(name);
    if (extension === undefined || extension.validIn?.families?.includes(family) === false) return undefined;
    const kept = keptOptions(extension.options);
    const plain = kept.filter(
      ([option, { arg, begins, families, gives }]) =>
        !ownNames.has(option) && !begins && !arg.optional && !gives && families?.includes(family) !== false,
    );
    const options = plain.map(([option, spec]): [string, QuickOption] => {
      const site = { ...this.#argSite, extension: extension.name, option: spec.called ?? option };
      return [`--${option}`, { name: option, spec, site }];
    });
    return {
      extension,
      options: new Map(options),
      defaults: kept.filter(([, spec]) => spec.required || spec.fallback !== undefined),
      bound: kept.filter(([, spec]) => spec.excludes || spec.requires),
    };
  }
}

/** What an option takes; `undefined` where it is not there. A second word that looks like an option is none. */
function valuesOf(words: PlainWords, count: 0 | 1 | 2): readonly string[] | undefined {
  const first = count > 0 ? words.next() : "";
  const second = count > 1 ? words.next() : "";
  if (words.failed || second.startsWith("-") || second.startsWith("!")) return undefined;
  return count === 0 ? none : count === 1 ? [first] : [first, second];
}
