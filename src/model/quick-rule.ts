import type { Target } from "../extensions/extension.ts";
import { PlainWords } from "../syntax/plain-words.ts";
import { everyHook } from "./hook-set.ts";
import { noNeeds } from "./kernel-needs.ts";
import { type ConditionsSite, QuickConditionsReader } from "./quick-conditions.ts";
import type { QuickUse, QuickUseReader } from "./quick-use.ts";
import { Refused } from "./refusal.ts";
import type { Chain, Counters, Rule, TargetUse } from "./ruleset.ts";
import { SavedRule } from "./saved-rule.ts";
import { noCounters, type TableDraft } from "./table-draft.ts";

export interface QuickSite extends ConditionsSite {
  /** The table's chains as they are at the line at hand; `chains` in the order of a dump's rules, or none of them. */
  readonly chains: Pick<TableDraft, "head" | "chains">;
  /** Names that are chains' even where a target has them. */
  readonly announced: ReadonlySet<string>;
  readonly keepCounters: boolean;
}

/** What a line of fewer UTF-16 units than any limit of iptables-restore may hold; src/syntax/limits.ts. */
const longestLine = 330;
const counted = /\[(\d{1,15}):(\d{1,15})\] /y;
const [A, j, g] = [..."Ajg"].map((letter) => letter.charCodeAt(0));
const noTarget: QuickUse<TargetUse> = {
  use: { kind: "none" },
  takenAt: everyHook,
  needs: noNeeds,
  canonical: true,
};

/**
 * Reads rules that are written the way iptables-save writes them, without tokens and getopt: `-A CHAIN`, the rule's own
 * conditions, each match with its options, the target. Everything else, and all that has anything to be said about, is left
 * to the full reader: `read` then gives `undefined`. Law: where it gives a rule, the full reader gives the same rule and
 * no diagnostic.
 */
export class QuickRuleReader {
  readonly #site: QuickSite;
  readonly #conditions: QuickConditionsReader;
  #last: string | undefined;
  /** The chains behind the one of the last line, as far as is known: a dump has the rules in the order of the chains. */
  #following: Iterator<Chain, undefined> | undefined;
  /** The jump that was read last: many rules in a row jump to the same chain. */
  #jump: Extract<TargetUse, { readonly chain: string }> = { kind: "jump", chain: "" };

  constructor(site: QuickSite) {
    this.#site = site;
    // the rules keep it, so it must not know the chains
    const { source, family, table, sets } = site;
    this.#conditions = new QuickConditionsReader({ source, family, table, sets });
  }

  /** The rule of the source's line from `start` to `end`, line end left out, and the name of its chain. */
  read(start: number, end: number): { chain: string; rule: Rule } | undefined {
    if (end - start > longestLine) return undefined;
    try {
      return this.#read(start, end);
    } catch (error) {
      // the full reader finds the same fault, and its place
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  /** Call when chains may have gone. */
  forgetChain(): void {
    this.#last = undefined;
  }

  #read(lineStart: number, end: number): { chain: string; rule: Rule } | undefined {
    const { source, keepCounters } = this.#site;
    const { text } = source;
    counted.lastIndex = lineStart;
    const figures = text.charCodeAt(lineStart) === 91 ? counted.exec(text) : null;
    const start = figures ? counted.lastIndex : lineStart;
    const words = new PlainWords(text, start, end);
    if (words.letter() !== A) return undefined;
    const nameStart = words.at;
    const chain = this.#chain(words.next());
    const body = words.at;
    // a name in quotes is somebody else's
    if (chain === undefined || body - nameStart - 1 !== chain.length) return undefined;
    const conditions = this.#conditions.see(words, chain);
    if (conditions === undefined) return undefined;
    const target = this.#readTarget(words, conditions.targets);
    if (target === undefined || !words.done || words.failed) return undefined;
    const counters = figures && keepCounters ? countersOf(figures[1]!, figures[2]!) : noCounters;
    const rule = new SavedRule(this.#conditions, { start, body, end }, target.use, counters, {
      bare: conditions.bare,
      takenAt: conditions.takenAt & target.takenAt,
      needs: conditions.needs | target.needs,
      canonical: conditions.canonical && target.canonical && words.at === end + 1,
    });
    return { chain, rule };
  }

  /** The chain's own name, which all its rules share; most lines have the chain of the line above, or one of the next. */
  #chain(name: string): string | undefined {
    if (name === this.#last) return this.#last;
    this.#following ??= this.#site.chains.chains[Symbol.iterator]();
    for (let tries = 0; tries < 4; tries++) {
      const { value, done } = this.#following.next();
      if (done) break;
      if (value.name === name) {
        this.#last = value.name;
        return this.#last;
      }
    }
    this.#last = this.#site.chains.head(name)?.name;
    return this.#last;
  }

  #readTarget(
    words: PlainWords,
    targets: QuickUseReader<Target, TargetUse>,
  ): QuickUse<TargetUse> | undefined {
    if (words.done) return noTarget;
    const letter = words.letter();
    if (letter !== j && letter !== g) return undefined;
    const { at, text } = words;
    const name = words.next();
    const { announced, chains, table } = this.#site;
    const chain = chains.head(name);
    if (chain) {
      if (chain.hook) return undefined;
      const use = this.#jumpTo(letter === j ? "jump" : "goto", chain.name);
      return { use, takenAt: everyHook, needs: noNeeds, canonical: words.at - at - 1 === name.length };
    }
    // the nat table takes no DROP
    if (letter === g || announced.has(name) || (table === "nat" && text.startsWith("DROP", at))) {
      return undefined;
    }
    words.at = at;
    const target = targets.read(words);
    // a target under another name of its own could still be a chain's
    return target?.use.kind === "known" && target.use.target.name !== name ? undefined : target;
  }

  #jumpTo(kind: "jump" | "goto", chain: string): TargetUse {
    if (this.#jump.chain !== chain || this.#jump.kind !== kind) this.#jump = { kind, chain };
    return this.#jump;
  }
}

const countersOf = (packets: string, bytes: string): Counters =>
  packets === "0" && bytes === "0" ? noCounters : { packets: BigInt(packets), bytes: BigInt(bytes) };
