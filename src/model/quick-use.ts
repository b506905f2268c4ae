import { LRUCache } from "lru-cache";
import type { ArgSite } from "../arg-types/arg-type.ts";
import type { Arg, Match, OptionSpec, Site, Target } from "../extensions/extension.ts";
import { PlainWords } from "../syntax/plain-words.ts";
import { longOptions } from "./command-options.ts";
import { keptOptions } from "./extension-use.ts";
import { argsOf } from "./rule-formula.ts";
import type { BoundArgs } from "./ruleset.ts";

interface QuickOption {
  readonly name: string;
  readonly spec: OptionSpec<unknown>;
  readonly site: ArgSite;
}

/** iptables' own long options come before an extension's of the same name. */
const ownNames: ReadonlySet<string> = new Set(longOptions("ipv4").map(({ name }) => name));
const none: readonly string[] = [];
/** Longer texts are hardly ever the same in two rules: comments, above all. */
const sharedLength = 48;

/**
 * Reads what stands behind one `-m` or `-j` with its options' names in full, and remembers it: rules with the same words
 * share the result. One reader serves rules of one table, one set of hooks and one `-p`, on which the reading may depend.
 */
export class QuickUseReader<E extends Match | Target, U extends object> {
  readonly #site: Site;
  readonly #argSite: ArgSite;
  readonly #named: ReadonlyMap<string, E>;
  readonly #wrap: (extension: E, args: BoundArgs) => U;
  readonly #options = new Map<E, ReadonlyMap<string, QuickOption>>();
  // `max` would set room for all of them aside at once, for a rule set of ten lines as well
  readonly #known = new LRUCache<string, U>({ maxSize: 5000, sizeCalculation: () => 1 });

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
    const end = words.segmentEnd();
    const { at, text } = words;
    words.at = end + 1;
    if (end - at > sharedLength) return this.#bind(new PlainWords(text, at, end));
    const segment = text.slice(at, end);
    let use = this.#known.get(segment);
    if (use === undefined) {
      use = this.#bind(new PlainWords(text, at, end));
      if (use !== undefined) this.#known.set(segment, use);
    }
    return use;
  }

  #bind(words: PlainWords): U | undefined {
    const name = words.next();
    const extension = this.#named.get(name);
    if (extension === undefined || extension.validIn?.families?.includes(this.#site.family) === false) {
      return undefined;
    }
    const options = this.#optionsOf(extension);
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
    for (const [option, spec] of keptOptions(extension.options)) {
      if (args[option] === undefined) {
        if (spec.required) return undefined;
        if (spec.fallback !== undefined) args[option] = { value: spec.fallback, inverted: false };
      } else if (
        spec.excludes?.some((other) => args[other]) ||
        spec.requires?.some((other) => !args[other])
      ) {
        return undefined;
      }
    }
    const bound: BoundArgs = extension.normalize?.(argsOf(args), this.#site) ?? args;
    const refused = extension.check?.(argsOf(bound), this.#site).some(({ kernel }) => !kernel);
    return refused ? undefined : this.#wrap(extension, bound);
  }

  /** The options that stand for themselves, by the word that names them: no abbreviations, no other spellings. */
  #optionsOf(extension: E): ReadonlyMap<string, QuickOption> {
    let options = this.#options.get(extension);
    if (options === undefined) {
      const { family } = this.#site;
      const plain = keptOptions(extension.options).filter(
        ([name, { arg, begins, families, gives }]) =>
          !ownNames.has(name) && !begins && !arg.optional && !gives && families?.includes(family) !== false,
      );
      options = new Map(
        plain.map(([name, spec]) => {
          const site = { ...this.#argSite, extension: extension.name, option: spec.called ?? name };
          return [`--${name}`, { name, spec, site }];
        }),
      );
      this.#options.set(extension, options);
    }
    return options;
  }
}

/** What an option takes; `undefined` where it is not there. A second word that looks like an option is none. */
function valuesOf(words: PlainWords, count: 0 | 1 | 2): readonly string[] | undefined {
  const first = count > 0 ? words.next() : "";
  const second = count > 1 ? words.next() : "";
  if (words.failed || second.startsWith("-") || second.startsWith("!")) return undefined;
  return count === 0 ? none : count === 1 ? [first] : [first, second];
}
