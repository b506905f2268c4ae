import type { SetNames } from "../arg-types/arg-type.ts";
import type { Source, Span } from "../diagnostics/diagnostic.ts";
import { InternalError } from "../diagnostics/diagnostic.ts";
import type { Arg, Match, Site, TableName, Target } from "../extensions/extension.ts";
import { matchesByName, targetsByName } from "../extensions/registry.ts";
import type { Family } from "../packet/address.ts";
import type { Hook } from "../packet/context.ts";
import { protocolName } from "../packet/protocols.ts";
import { PlainWords } from "../syntax/plain-words.ts";
import type { Word } from "../syntax/tree.ts";
import { parseAddressList, parsePlainNetwork } from "./address-list.ts";
import { everyHook } from "./hook-set.ts";
import { builtinChains } from "./hooks.ts";
import { noNeeds } from "./kernel-needs.ts";
import { readProtocol } from "./option-values.ts";
import { printAddressMask } from "./print-rule.ts";
import { QuickUseReader } from "./quick-use.ts";
import type { MatchUse, RuleConditions, RuleSpec, TargetUse } from "./ruleset.ts";
import type { ConditionsReader, SavedTraits } from "./saved-rule.ts";

export interface ConditionsSite {
  readonly source: Source;
  readonly family: Family;
  readonly table: TableName;
  readonly sets?: SetNames | undefined;
}

/** What the first reading of a line says of its conditions. */
export interface SeenConditions extends SavedTraits {
  /** What reads the target behind them. */
  readonly targets: QuickUseReader<Target, TargetUse>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Network = NonNullable<RuleSpec["source"]>;

interface UseReaders {
  readonly matches: QuickUseReader<Match, MatchUse>;
  readonly targets: QuickUseReader<Target, TargetUse>;
}

const interfaceName = /^(?!\+$)[!-.0-~]{1,15}$/;
const noMatches: readonly MatchUse[] = [];
const nowhere: Span = { start: 0, end: 0 };
/** Whoever refuses such a word is not heard: the full reader then reads the line. */
const wordOf = (text: string): Word => ({ text, span: nowhere, quoted: false });
const letterOf = (text: string): number => text.charCodeAt(0);
const [s, d, i, o, p] = [..."sdiop"].map(letterOf);
const m = letterOf("m");

/** Reads the conditions of rules that are written as iptables-save writes them: `-s`, `-d`, `-i`, `-o`, `-p`, then the matches. */
export class QuickConditionsReader implements ConditionsReader {
  readonly source: Source;
  readonly #site: ConditionsSite;
  readonly #hooks: readonly Hook[];
  readonly #protocols = new Map<string, Arg<number>>();
  /** By the hook of a built-in chain and by `-p`, whose equal texts are one object (`#protocols`). */
  readonly #readers = new Map<Hook | undefined, Map<RuleSpec["protocol"], UseReaders>>();

  /** Whether the condition that was read last is written as iptables-save writes it. */
  #isCanonical = true;

  constructor(site: ConditionsSite) {
    this.source = site.source;
    this.#site = site;
    this.#hooks = builtinChains(site.table);
  }

  reread(start: number, end: number): RuleConditions {
    const words = new PlainWords(this.source.text, start, end);
    words.letter();
    const chain = words.next();
    const spec: Mutable<RuleSpec> = {};
    this.#readSpec(words, chain, spec);
    const { matches: reader } = this.#readersFor(chain, spec.protocol);
    const matches: MatchUse[] = [];
    while (words.takes(m)) {
      const read = reader.read(words);
      if (read === undefined) throw new InternalError("a rule cannot be read a second time");
      matches.push(read.use);
    }
    return { spec, matches: matches.length === 0 ? noMatches : matches };
  }

  /** Looks over the conditions at the cursor, which is left at the target; `undefined` where anything is out of the ordinary. */
  see(words: PlainWords, chain: string): SeenConditions | undefined {
    const spec: Mutable<RuleSpec> = {};
    const start = words.at;
    const order = this.#readSpec(words, chain, spec);
    if (order === undefined) return undefined;
    let canonical = order;
    let takenAt = everyHook;
    let needs = noNeeds;
    const { matches, targets } = this.#readersFor(chain, spec.protocol);
    while (words.takes(m)) {
      const seen = matches.see(words);
      if (seen === undefined) return undefined;
      takenAt &= seen.takenAt;
      needs |= seen.needs;
      canonical &&= seen.canonical;
    }
    return { targets, bare: words.at === start, takenAt, needs, canonical };
  }

  /** Reads the rule's own conditions: whether iptables-save writes them so, `undefined` where anything is out of the ordinary. */
  #readSpec(words: PlainWords, chain: string, spec: Mutable<RuleSpec>): boolean | undefined {
    let canonical = true;
    let last = 0;
    for (
      let rank = this.#readCondition(words, chain, spec);
      rank !== 0;
      rank = this.#readCondition(words, chain, spec)
    ) {
      if (rank === undefined) return undefined;
      if (rank <= last || !this.#isCanonical) canonical = false;
      last = rank;
    }
    return canonical;
  }

  /**
   * One condition in front of the first match: its place in iptables-save's order from 1, 0 where none stands here, `undefined`
   * where it is given twice or says nothing. Sets `#isCanonical`.
   */
  #readCondition(words: PlainWords, chain: string, spec: Mutable<RuleSpec>): number | undefined {
    const before = words.at;
    const inverted = words.bang();
    const letter = words.letter();
    this.#isCanonical = true;
    switch (letter) {
      case s:
      case d: {
        const network = this.#network(words.next(), inverted);
        if (network === undefined || (letter === s ? spec.source : spec.destination)) return undefined;
        if (letter === s) spec.source = network;
        else spec.destination = network;
        return letter === s ? 1 : 2;
      }
      case i:
      case o: {
        const end = letter === i ? "inInterface" : "outInterface";
        const name = words.next();
        if (spec[end] || !interfaceName.test(name) || refusesInterface(chain, end)) return undefined;
        spec[end] = { value: name, inverted };
        return letter === i ? 3 : 4;
      }
      case p: {
        const text = words.next();
        const protocol = this.#protocol(text, inverted);
        if (spec.protocol || protocol.value === 0) return undefined;
        this.#isCanonical = protocolName(protocol.value) === text;
        spec.protocol = protocol;
        return 5;
      }
      default:
        words.at = before;
        return inverted ? undefined : 0;
    }
  }

  #network(text: string, inverted: boolean): Network | undefined {
    const { family } = this.#site;
    const plain = family === "ipv4" ? parsePlainNetwork(text) : undefined;
    if (plain) return { value: plain, inverted };
    const networks = parseAddressList(wordOf(text), family);
    const value = networks[0];
    if (value === undefined || networks.length > 1 || value.mask === 0 || value.mask === 0n) return undefined;
    this.#isCanonical = printAddressMask(value) === text;
    return { value, inverted };
  }

  #protocol(text: string, inverted: boolean): Arg<number> {
    const key = inverted ? `!${text}` : text;
    let protocol = this.#protocols.get(key);
    if (protocol === undefined) {
      protocol = { value: readProtocol(wordOf(text), inverted), inverted };
      this.#protocols.set(key, protocol);
    }
    return protocol;
  }

  #readersFor(chain: string, protocol: RuleSpec["protocol"]): UseReaders {
    const hook = this.#hooks.find((name) => name === chain);
    let byProtocol = this.#readers.get(hook);
    if (byProtocol === undefined) {
      byProtocol = new Map();
      this.#readers.set(hook, byProtocol);
    }
    let readers = byProtocol.get(protocol);
    if (readers === undefined) {
      const { family, table, sets } = this.#site;
      const { text } = this.source;
      const site: Site = { family, table, hooks: hook ? [hook] : this.#hooks, protocol };
      readers = {
        matches: new QuickUseReader<Match, MatchUse>(text, site, sets, matchesByName, (match, args) => ({
          kind: "known",
          match,
          args,
        })),
        targets: new QuickUseReader<Target, TargetUse>(text, site, sets, targetsByName, (target, args) => ({
          kind: "known",
          target,
          args,
        })),
      };
      byProtocol.set(protocol, readers);
    }
    return readers;
  }
}

/** `-o` where packets come in and `-i` where they leave are refused. */
const refusesInterface = (chain: string, end: "inInterface" | "outInterface"): boolean =>
  end === "outInterface"
    ? chain === "PREROUTING" || chain === "INPUT"
    : chain === "POSTROUTING" || chain === "OUTPUT";
