import type { SetNames } from "../arg-types/arg-type.ts";
import type { Source, Span } from "../diagnostics/diagnostic.ts";
import type { Arg, Match, Site, TableName, Target } from "../extensions/extension.ts";
import { matchesByName, targetsByName } from "../extensions/registry.ts";
import type { Family } from "../packet/address.ts";
import type { Hook } from "../packet/context.ts";
import { PlainWords } from "../syntax/plain-words.ts";
import type { Word } from "../syntax/tree.ts";
import { parseAddressList, parsePlainNetwork } from "./address-list.ts";
import { builtinChains } from "./hooks.ts";
import { readProtocol } from "./option-values.ts";
import { QuickUseReader } from "./quick-use.ts";
import { Refused } from "./refusal.ts";
import { RuleOrigin } from "./rule-origin.ts";
import type { Counters, MatchUse, Rule, RuleSpec, TargetUse } from "./ruleset.ts";
import { noCounters, type TableDraft } from "./table-draft.ts";

export interface QuickSite {
  readonly source: Source;
  readonly family: Family;
  readonly table: TableName;
  /** The table's chains as they are at the line at hand. */
  readonly chains: Pick<TableDraft, "chain">;
  /** Names that are chains' even where a target has them. */
  readonly announced: ReadonlySet<string>;
  readonly sets?: SetNames | undefined;
  readonly keepCounters: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Network = NonNullable<RuleSpec["source"]>;

interface UseReaders {
  readonly matches: QuickUseReader<Match, MatchUse>;
  readonly targets: QuickUseReader<Target, TargetUse>;
}

/** What a line of fewer UTF-16 units than any limit of iptables-restore may hold; src/syntax/limits.ts. */
const longestLine = 330;
const counted = /\[(\d{1,15}):(\d{1,15})\] /y;
const interfaceName = /^(?!\+$)[!-.0-~]{1,15}$/;
const noMatches: readonly MatchUse[] = [];
const nowhere: Span = { start: 0, end: 0 };
/** Whoever refuses such a word is not heard: the full reader then reads the line. */
const wordOf = (text: string): Word => ({ text, span: nowhere, quoted: false });
const letterOf = (text: string): number => text.charCodeAt(0);
const [A, s, d, i, o, p, m, j, g] = [..."Asdiopmjg"].map(letterOf);

/**
 * Reads rules that are written the way iptables-save writes them, without tokens and getopt: `-A CHAIN`, the rule's own
 * conditions, each match with its options, the target. Everything else, and all that has anything to be said about, is left
 * to the full reader: `read` then gives `undefined`. Law: where it gives a rule, the full reader gives the same rule and
 * no diagnostic.
 */
export class QuickRuleReader {
  readonly #site: QuickSite;
  readonly #hooks: readonly Hook[];
  readonly #protocols = new Map<string, Arg<number>>();
  #last: string | undefined;
  /** By the hook of a built-in chain and by `-p`, whose equal texts are one object (`#protocols`). */
  readonly #readers = new Map<Hook | undefined, Map<RuleSpec["protocol"], UseReaders>>();

  constructor(site: QuickSite) {
    this.#site = site;
    this.#hooks = builtinChains(site.table);
  }

  /** The rule of the line from `start` to `end`, line end left out, and the name of its chain. */
  read(text: string, start: number, end: number): { chain: string; rule: Rule } | undefined {
    if (end - start > longestLine) return undefined;
    try {
      return this.#read(text, start, end);
    } catch (error) {
      // the full reader finds the same fault, and its place
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  #read(text: string, start: number, end: number): { chain: string; rule: Rule } | undefined {
    counted.lastIndex = start;
    const figures = text.charCodeAt(start) === 91 ? counted.exec(text) : null;
    const from = figures ? counted.lastIndex : start;
    const words = new PlainWords(text, from, end);
    if (words.letter() !== A) return undefined;
    const chain = this.#chain(words.next());
    if (chain === undefined) return undefined;
    const spec = this.#readSpec(words, chain);
    if (spec === undefined) return undefined;
    const { matches: matchReader, targets } = this.#readersFor(chain, spec.protocol);
    let matches = noMatches;
    let target: TargetUse = { kind: "none" };
    while (!words.done) {
      const letter = words.letter();
      if (letter === m && target.kind === "none") {
        const match = matchReader.read(words);
        if (match === undefined) return undefined;
        matches = matches.length === 0 ? [match] : [...matches, match];
      } else if ((letter === j || letter === g) && target.kind === "none") {
        const to = this.#readTarget(words, letter === j, targets);
        if (to === undefined) return undefined;
        target = to;
      } else return undefined;
    }
    const kept = figures && this.#site.keepCounters;
    const counters = kept ? countersOf(figures[1]!, figures[2]!) : noCounters;
    const origin = new RuleOrigin(this.#site.source, from, end);
    return words.failed ? undefined : { chain, rule: { spec, matches, target, counters, origin } };
  }

  /** The chain's own name, which all its rules share; most lines have the chain of the line above. */
  #chain(name: string): string | undefined {
    if (name !== this.#last) this.#last = this.#site.chains.chain(name)?.name;
    return this.#last;
  }

  /** The conditions in front of the first match; `undefined` where one is given twice or says nothing. */
  #readSpec(words: PlainWords, chain: string): RuleSpec | undefined {
    const spec: Mutable<RuleSpec> = {};
    while (!words.done) {
      const before = words.at;
      const inverted = words.bang();
      const letter = words.letter();
      if (letter === m || letter === j || letter === g) {
        words.at = before;
        return inverted ? undefined : spec;
      }
      if (letter === s || letter === d) {
        const network = this.#network(words.next(), inverted);
        if (network === undefined || (letter === s ? spec.source : spec.destination)) return undefined;
        if (letter === s) spec.source = network;
        else spec.destination = network;
      } else if (letter === i || letter === o) {
        const end = letter === i ? "inInterface" : "outInterface";
        const name = words.next();
        if (spec[end] || !interfaceName.test(name) || refusesInterface(chain, end)) return undefined;
        spec[end] = { value: name, inverted };
      } else if (letter === p) {
        const protocol = this.#protocol(words.next(), inverted);
        if (spec.protocol || protocol.value === 0) return undefined;
        spec.protocol = protocol;
      } else return undefined;
    }
    return spec;
  }

  #network(text: string, inverted: boolean): Network | undefined {
    const { family } = this.#site;
    const plain = family === "ipv4" ? parsePlainNetwork(text) : undefined;
    if (plain) return { value: plain, inverted };
    const networks = parseAddressList(wordOf(text), family);
    const value = networks[0];
    if (value === undefined || networks.length > 1 || value.mask === 0 || value.mask === 0n) return undefined;
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

  #readTarget(words: PlainWords, jumps: boolean, targets: UseReaders["targets"]): TargetUse | undefined {
    const { at, text } = words;
    const name = words.next();
    const { announced, chains, table } = this.#site;
    const chain = chains.chain(name);
    if (chain) {
      return words.done && !chain.hook ? { kind: jumps ? "jump" : "goto", chain: chain.name } : undefined;
    }
    // the nat table takes no DROP
    if (!jumps || announced.has(name) || (table === "nat" && text.startsWith("DROP", at))) return undefined;
    words.at = at;
    const target = targets.read(words);
    // a target under another name of its own could still be a chain's
    return target?.kind === "known" && target.target.name !== name ? undefined : target;
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
      const site: Site = { family, table, hooks: hook ? [hook] : this.#hooks, protocol };
      readers = {
        matches: new QuickUseReader<Match, MatchUse>(site, sets, matchesByName, (match, args) => ({
          kind: "known",
          match,
          args,
        })),
        targets: new QuickUseReader<Target, TargetUse>(site, sets, targetsByName, (target, args) => ({
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

const countersOf = (packets: string, bytes: string): Counters =>
  packets === "0" && bytes === "0" ? noCounters : { packets: BigInt(packets), bytes: BigInt(bytes) };
