import type { Diagnostic, Source } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { Site } from "../extensions/extension.ts";
import { and, type Formula, not, or } from "../formula/formula.ts";
import { bindCommand } from "../model/bind.ts";
import { ruleFormula, siteOf } from "../model/rule-formula.ts";
import type { Rule } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";
import type { Hook } from "../packet/context.ts";
import { wordsOf } from "../syntax/shell-words.ts";
import type { Word } from "../syntax/tree.ts";
import type { Path } from "./analysis.ts";
import { expandAddresses, type Groups } from "./policy-groups.ts";

/** A set of packets that somebody wrote in iptables' match words. */
export interface WordedSet {
  readonly formula: Formula;
  /** The ways that its packets can take: what `-i` and `-o` say, all where neither is given. */
  readonly paths: readonly Path[];
}

export interface WordsOptions {
  readonly family: Family;
  readonly groups?: Groups;
  /** The host's ipsets, for `-m set`. */
  readonly sets?: Site["sets"];
  /** Added to the places of diagnostics: where the words begin in `source`. */
  readonly source?: Source;
  readonly offset?: number;
}

/** The chain that the words are bound in: no built-in one, so that -i and -o may stand together. */
const chain = "packets";

/**
 * Reads match words as `bind` reads a rule's: `-i eth0 -p tcp -m multiport --dports 80,443 ! -s 10.0.0.0/8`.
 * Beyond what a rule can say, `$name` is a group of addresses, and `!` may stand before a list.
 */
export function readPacketWords(
  text: string,
  options: WordsOptions,
): { readonly value: WordedSet | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const { family, groups = new Map(), offset = 0, sets } = options;
  const source = options.source ?? { name: "packets", text };
  const { words, diagnostics: quoting } = wordsOf({ name: source.name, text });
  const moved = words.map((word) => shifted(word, offset));
  if (quoting.length > 0)
    return { value: undefined, diagnostics: quoting.map((one) => moveTo(one, source, offset)) };
  const faults: Diagnostic[] = [];
  const lists = takeLists(moved, groups, (word, message) => {
    faults.push(problem(source, "bad-value", word.span, message));
  });
  if (faults.length > 0) return { value: undefined, diagnostics: faults };
  const at = { start: offset, end: offset + text.length };
  const main = bindMatches(lists.rest, source, family, at);
  const excluded = lists.inverted.map((list) => bindMatches(list, source, family, at));
  const diagnostics = [main, ...excluded].flatMap((one) => one.diagnostics);
  const rules = main.rules;
  if (rules === undefined || excluded.some((one) => one.rules === undefined)) {
    return { value: undefined, diagnostics };
  }
  const without = excluded.flatMap((one) => one.rules ?? []);
  const paths = pathsOf(rules[0]);
  return {
    value: {
      formula: and(
        or(...rules.map((rule) => formulaOf(rule, family, paths, sets))),
        ...without.map((rule) => not(formulaOf(rule, family, paths, sets))),
      ),
      paths,
    },
    diagnostics,
  };
}

const shifted = (word: Word, offset: number): Word => ({
  ...word,
  span: { start: word.span.start + offset, end: word.span.end + offset },
});

const moveTo = (one: Diagnostic, source: Source, offset: number): Diagnostic => ({
  ...one,
  source,
  span: { start: one.span.start + offset, end: one.span.end + offset },
});

const addressOptions: ReadonlySet<string> = new Set([
  "-s",
  "--src",
  "--source",
  "-d",
  "--dst",
  "--destination",
]);

/** Puts the groups' addresses in; takes inverted lists out, each with its option, for iptables knows none. */
function takeLists(
  words: readonly Word[],
  groups: Groups,
  fault: (word: Word, message: string) => void,
): { readonly rest: readonly Word[]; readonly inverted: readonly (readonly Word[])[] } {
  const rest: Word[] = [];
  const inverted: (readonly Word[])[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    const next = words[at + 1];
    if (word === undefined) break;
    rest.push(word);
    if (!addressOptions.has(word.text) || next === undefined || !/[$,]/.test(next.text)) continue;
    at++;
    const addresses = expandAddresses([next.text], groups);
    if (typeof addresses === "string") {
      fault(next, addresses);
      continue;
    }
    const list: Word = { ...next, text: addresses.join(",") };
    if (rest.at(-2)?.text === "!" && addresses.length > 1) {
      rest.splice(-2);
      inverted.push([word, list]);
    } else {
      rest.push(list);
    }
  }
  return { rest, inverted };
}

/** The rules that the words make; `undefined` where they are refused. */
function bindMatches(
  words: readonly Word[],
  source: Source,
  family: Family,
  at: { readonly start: number; readonly end: number },
): { readonly rules: readonly Rule[] | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const start = { start: at.start, end: at.start };
  const command = ["-A", chain].map((text): Word => ({ text, span: start, quoted: false }));
  const { value, diagnostics } = bindCommand([...command, ...words], { source, family, section: "filter" });
  const told = diagnostics.filter((one) => one.severity !== "info");
  if (told.some((one) => one.severity === "error")) return { rules: undefined, diagnostics: told };
  if (value?.kind !== "append" || value.table !== "filter") {
    const message = "these are no match words";
    return { rules: undefined, diagnostics: [...told, problem(source, "unexpected-value", at, message)] };
  }
  if (value.rules.some((rule) => rule.target.kind !== "none")) {
    const message = "a set of packets has no target: leave -j and -g away";
    return { rules: undefined, diagnostics: [...told, problem(source, "option-conflict", at, message)] };
  }
  return { rules: value.rules, diagnostics: told };
}

const formulaOf = (rule: Rule, family: Family, hooks: readonly Hook[], sets: Site["sets"]): Formula =>
  ruleFormula(rule, { ...siteOf(family, "filter", rule.spec, hooks), sets });

/** As the machine reads a packet's words: `-i` alone is INPUT, `-o` alone OUTPUT, both are FORWARD. */
function pathsOf(rule: Rule | undefined): readonly Path[] {
  const { inInterface, outInterface } = rule?.spec ?? {};
  if (inInterface && outInterface) return ["FORWARD"];
  if (inInterface) return ["INPUT"];
  if (outInterface) return ["OUTPUT"];
  return ["INPUT", "FORWARD", "OUTPUT"];
}
