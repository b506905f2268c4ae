import type { ArgSite } from "../arg-types/arg-type.ts";
import type { Arg, Match, OptionSpec, Site, Target } from "../extensions/extension.ts";
import type { PlainWords } from "../syntax/plain-words.ts";
import { longOptions } from "./command-options.ts";
import { keptOptions } from "./extension-use.ts";
import { everyHook, type HookSet, hookSet, noHook } from "./hook-set.ts";
import { kernelProblem } from "./kernel-checks.ts";
import { type KernelNeeds, needsOfExtension } from "./kernel-needs.ts";
import { isOmitted, printOptions } from "./print-rule.ts";
import { RecentUses } from "./recent-uses.ts";
import { argsOf } from "./rule-formula.ts";
import type { BoundArgs } from "./ruleset.ts";

interface QuickOption {
  readonly name: string;
  /** The name with its dashes. */
  readonly flag: string;
  /** Its place in the order in which iptables-save prints. */
  readonly index: number;
  readonly spec: OptionSpec<unknown>;
  readonly site: ArgSite;
  /** Where the argument's characters tell all that is to be said of it (`ArgType.savedEnd`). */
  readonly savedEnd: OptionSpec<unknown>["arg"]["savedEnd"];
}

interface QuickDefault {
  readonly name: string;
  readonly spec: OptionSpec<unknown>;
  /** iptables-save prints it although nobody gave it. */
  readonly shown: boolean;
}

/** What is looked up once for all uses of an extension. */
interface QuickExtension<E> {
  readonly extension: E;
  /** The name by which it was asked for. */
  readonly called: string;
  /** The options that stand for themselves, in the order in which iptables-save prints: no abbreviations, no other spellings. */
  readonly options: readonly QuickOption[];
  /** The same by the word that names them. */
  readonly byFlag: ReadonlyMap<string, QuickOption>;
  /** The options of which the table says something although they are absent. */
  readonly defaults: readonly QuickDefault[];
  /** The options of which it says something besides other ones. */
  readonly bound: readonly (readonly [name: string, spec: OptionSpec<unknown>])[];
  /** What there is to say of each use whose arguments tell all about themselves; `undefined` where there may be more to say. */
  readonly plain: SeenUse | undefined;
  /** The hooks that the kernel may take it at, all of them where it says nothing of hooks. */
  readonly takenAt: HookSet;
  /** The place to ask it about: reached from all of those, with no other match that could make up for something. */
  readonly widest: Site;
}

/** What a rule has to know of one `-m` or `-j` before anybody asks for its arguments. */
export interface SeenUse {
  /** At these hooks the kernel has nothing against it, beside whatever other matches; none: nobody has looked. */
  readonly takenAt: HookSet;
  /** What the kernel sets up for it. */
  readonly needs: KernelNeeds;
  /** Its words are the ones that iptables-save prints. */
  readonly canonical: boolean;
}

/** One `-m` or `-j` as it was read from its words. */
export interface QuickUse<U> extends SeenUse {
  readonly use: U;
}

/** iptables' own long options come before an extension's of the same name. */
const ownNames: ReadonlySet<string> = new Set(longOptions("ipv4").map(({ name }) => name));
const none: readonly string[] = [];
/**
 * Reads what stands behind one `-m` or `-j` with its options' names in full, and remembers it: rules with the same words
 * share the result. One reader serves rules of one table, one set of hooks and one `-p`, on which the reading may depend.
 */
export class QuickUseReader<E extends Match | Target, U extends object> {
  readonly #site: Site;
  readonly #argSite: ArgSite;
  readonly #registry: ReadonlyMap<string, E>;
  readonly #wrap: (extension: E, args: BoundArgs) => U;
  readonly #extensions = new Map<string, QuickExtension<E>>();
  #last: QuickExtension<E> | undefined;
  /** The last one that has something in `plain`. */
  #plain: QuickExtension<E> | undefined;
  readonly #recent: RecentUses<QuickUse<U>>;

  constructor(
    text: string,
    site: Site,
    sets: ArgSite["sets"],
    registry: ReadonlyMap<string, E>,
    wrap: (extension: E, args: BoundArgs) => U,
  ) {
    this.#recent = new RecentUses(text);
    this.#site = site;
    this.#argSite = {
      family: site.family,
      protocol: site.protocol?.inverted ? undefined : site.protocol?.value,
      ...(sets ? { sets } : {}),
    };
    this.#registry = registry;
    this.#wrap = wrap;
  }

  /** What `read` would say of the use at the cursor, which is not made where the characters alone tell. */
  see(words: PlainWords): SeenUse | undefined {
    const { at } = words;
    const seen = this.#plain && this.#pass(this.#plain, words);
    if (seen) return seen;
    words.at = at;
    return this.read(words);
  }

  /** The use at the cursor in the reader's text; `undefined` where anything about it is out of the ordinary. */
  read(words: PlainWords): QuickUse<U> | undefined {
    const { at, end: lineEnd } = words;
    const end = words.segmentEnd();
    words.end = end;
    const { segmentHash } = words;
    let use = this.#recent.get(at, end, segmentHash);
    if (use === undefined) {
      use = this.#bind(words);
      if (use !== undefined) this.#recent.set(at, end, segmentHash, use);
    }
    words.end = lineEnd;
    words.at = end + 1;
    return use;
  }

  /** Passes over a use of an extension whose options stand there as iptables-save writes them. */
  #pass({ called, options, plain }: QuickExtension<E>, words: PlainWords): SeenUse | undefined {
    if (!words.takesWord(called)) return undefined;
    const { text, end } = words;
    for (const { flag, spec, savedEnd } of options) {
      if (!words.takesWord(flag)) {
        if (spec.required) return undefined;
      } else if (words.atSegmentEnd || !words.passes(savedEnd?.(text, words.at, end) ?? -1)) return undefined;
    }
    return words.atSegmentEnd ? plain : undefined;
  }

  #bind(words: PlainWords): QuickUse<U> | undefined {
    const { at: start } = words;
    const quick = this.#extension(words);
    if (quick === undefined) return undefined;
    const { extension, options, byFlag, called } = quick;
    const args: Record<string, Arg<unknown>> = {};
    let canonical = extension.name === called;
    let last = -1;
    while (!words.done) {
      const inverted = words.bang();
      const next = options[last + 1];
      const option = next && words.takesWord(next.flag) ? next : byFlag.get(words.next());
      if (option === undefined || (inverted && !option.spec.invertible)) return undefined;
      const { at } = words;
      const given = valuesOf(words, option.spec.arg.words);
      const read = given && option.spec.arg.parse(given, option.site);
      if (!read?.ok || read.warning || args[option.name]) return undefined;
      const arg = { value: read.value, inverted };
      args[option.name] = arg;
      canonical &&= option.index > last && this.#isPrinted(option, arg, words, at);
      last = option.index;
    }
    for (const [option, spec] of quick.bound) {
      if (args[option] === undefined) continue;
      if (spec.excludes?.some((other) => args[other])) return undefined;
      if (spec.requires?.some((other) => !args[other])) return undefined;
    }
    for (const { name: option, spec, shown } of quick.defaults) {
      if (args[option] !== undefined) continue;
      if (spec.required) return undefined;
      args[option] = { value: spec.fallback, inverted: false };
      if (shown) canonical = false;
    }
    const bound: BoundArgs = extension.normalize?.(argsOf(args), this.#site) ?? args;
    if (extension.check?.(argsOf(bound), this.#site).some(({ kernel }) => !kernel)) return undefined;
    if (extension.normalize) {
      const printed = `${extension.name}${printOptions(extension.options, bound, this.#argSite)}`;
      canonical = words.text.slice(start, words.end) === printed;
    } else if (words.at !== words.end + 1) canonical = false;
    const takenAt = kernelProblem(extension, bound, quick.widest) ? noHook : quick.takenAt;
    const needs = needsOfExtension(extension, bound);
    return { use: this.#wrap(extension, bound), takenAt, needs, canonical };
  }

  /** Whether iptables-save prints an option, and with just the words that stand from `start` to the cursor. */
  #isPrinted({ spec }: QuickOption, arg: Arg<unknown>, { text, at }: PlainWords, start: number): boolean {
    if (isOmitted(spec, arg, this.#argSite)) return false;
    if (spec.arg.words === 0) return true;
    return text.slice(start, at - 1) === spec.arg.print(arg.value, this.#argSite);
  }

  /** What the name at the cursor stands for: mostly the same as before, as the words of most others are remembered. */
  #extension(words: PlainWords): QuickExtension<E> | undefined {
    if (this.#last && words.takesWord(this.#last.called)) return this.#last;
    this.#last = this.#named(words.next());
    if (this.#last?.plain) this.#plain = this.#last;
    return this.#last;
  }

  #named(name: string): QuickExtension<E> | undefined {
    const known = this.#extensions.get(name);
    if (known !== undefined) return known;
    const quick = this.#prepare(name);
    if (quick !== undefined) this.#extensions.set(name, quick);
    return quick;
  }

  #prepare(name: string): QuickExtension<E> | undefined {
    const { family } = this.#site;
    const extension = this.#registry.get(name);
    if (extension === undefined || extension.validIn?.families?.includes(family) === false) return undefined;
    const kept = keptOptions(extension.options);
    const plain = kept.filter(
      ([option, { arg, begins, families, gives }]) =>
        !ownNames.has(option) && !begins && !arg.optional && !gives && families?.includes(family) !== false,
    );
    const options = plain.map(([option, spec], index): QuickOption => {
      const site = { ...this.#argSite, extension: extension.name, option: spec.called ?? option };
      return { name: option, flag: `--${option}`, index, spec, site, savedEnd: savedEndOf(spec, site) };
    });
    const defaults = kept.flatMap(([option, spec]): QuickDefault[] => {
      if (!spec.required && spec.fallback === undefined) return [];
      const arg = { value: spec.fallback, inverted: false };
      return [{ name: option, spec, shown: !spec.required && !isOmitted(spec, arg, this.#argSite) }];
    });
    const { hooks } = this.#site;
    const valid = extension.validIn?.hooks;
    const taken = valid ? hooks.filter((hook) => valid.includes(hook)) : hooks;
    const takenAt = taken.length === hooks.length ? everyHook : hookSet(taken);
    const widest = { ...this.#site, hooks: taken, matches: [] };
    const { check, normalize, needsConntrack } = extension;
    const isPlain =
      extension.name === name &&
      !check &&
      !normalize &&
      typeof needsConntrack !== "object" &&
      !kernelProblem(extension, {}, widest) &&
      options.length === kept.length &&
      !defaults.some(({ shown }) => shown);
    return {
      extension,
      takenAt,
      widest,
      called: name,
      plain: isPlain ? { takenAt, needs: needsOfExtension(extension, {}), canonical: true } : undefined,
      options,
      byFlag: new Map(options.map((option) => [option.flag, option])),
      defaults,
      bound: kept.filter(([, spec]) => spec.excludes || spec.requires),
    };
  }
}

/** `ArgType.savedEnd`, where nothing but its argument decides what iptables and iptables-save make of an option. */
function savedEndOf(spec: OptionSpec<unknown>, site: ArgSite): OptionSpec<unknown>["arg"]["savedEnd"] {
  const { arg, excludes, requires, omits, omitFallback, fallback } = spec;
  if (excludes || requires || omits) return undefined;
  const omitted = omitFallback ? arg.print(fallback, site) : "";
  return arg.savedEnd?.(omitted, 0, omitted.length) === omitted.length ? undefined : arg.savedEnd;
}

/** What an option takes; `undefined` where it is not there. A second word that looks like an option is none. */
function valuesOf(words: PlainWords, count: 0 | 1 | 2): readonly string[] | undefined {
  const first = count > 0 ? words.next() : "";
  const second = count > 1 ? words.next() : "";
  if (words.failed || second.startsWith("-") || second.startsWith("!")) return undefined;
  return count === 0 ? none : count === 1 ? [first] : [first, second];
}
