import { analyse } from "../../../src/analyse/analyse.ts";
import { visibleFate } from "../../../src/analyse/diff-fates.ts";
import { replayWords } from "../../../src/analyse/witness/stage.ts";
import { lintRules } from "../../../src/lint/registry.ts";
import type { Finding } from "../../../src/lint/rule.ts";
import { lint } from "../../../src/lint/run.ts";
import type { Backend } from "../../../src/model/hooks.ts";
import { parseRuleset } from "../../../src/model/parse-ruleset.ts";
import type { Ruleset } from "../../../src/model/ruleset.ts";
import type { Family } from "../../../src/packet/address.ts";
import { packetsFor } from "../random-packets.ts";
import { type AimedPacket, packetsOf } from "./aimed-packets.ts";

/** Findings which say that a rule decides about no packet: without it every packet fares as before. */
const dead: ReadonlySet<string> = new Set(["NV101", "NV102", "NV103", "NV108", "NV110", "NV111"]);

export interface LintHolding {
  /** Findings that were held to the machine. */
  readonly findings: number;
  readonly packets: number;
  readonly contradictions: readonly string[];
}

export interface LintHoldingOptions {
  readonly name: string;
  readonly family: Family;
  readonly backend?: Backend;
  /** Seconds since 1970. */
  readonly now: number;
  /** Findings that are tried; the first ones of each lint rule. */
  readonly mostOfRule: number;
  /** Random packets, besides those that the rule's own conditions hold for. */
  readonly random: number;
}

/** Holds what lint says of dead rules, and the fixes that it offers, to the machine: packets fare alike without them. */
export function holdLint(text: string, options: LintHoldingOptions): LintHolding {
  const { name, family, backend, now } = options;
  const source = { name, text };
  const { ruleset, diagnostics } = parseRuleset(text, { family, filename: name });
  const analysis = analyse(ruleset, { backend });
  const { findings } = lint(
    [{ ruleset, source, diagnostics, sibling: undefined, backend, analysis: () => analysis }],
    { rules: lintRules, levels: new Map() },
  );
  const contradictions: string[] = [];
  let tried = 0;
  let packets = 0;
  const counts = new Map<string, number>();
  for (const finding of findings) {
    const changed = withoutFinding(finding, ruleset, text, family);
    const count = counts.get(finding.id) ?? 0;
    if (!changed || count === options.mostOfRule) continue;
    counts.set(finding.id, count + 1);
    tried++;
    const aimed = analysis
      .rules()
      .filter(({ table, chain, number }) => isAbout(finding, table, chain, number))
      .flatMap(({ conditions }) => packetsOf(analysis, conditions, now, 3));
    const random: readonly AimedPacket[] =
      family === "ipv4" ? packetsFor(text, options.random, tried).map((words) => ({ words, at: now })) : [];
    for (const { words, at } of [...aimed, ...random]) {
      const one = replayWords(words, ruleset, at, { backend });
      const other = replayWords(words, changed, at, { backend });
      if (!one || !other) continue;
      packets++;
      if (visibleFate(one) !== visibleFate(other)) {
        contradictions.push(`${name}: ${finding.id} ${finding.message}: ${words} fares differently`);
      }
    }
  }
  return { findings: tried, packets, contradictions };
}

/** A finding about a chain is about all of its rules. */
const isAbout = ({ about }: Finding, table: string, chain: string, number: number): boolean =>
  about?.table === table && about.chain === chain && (!("number" in about) || about.number === number);

/** The rule set as the finding's fix leaves it, or without the rules that it calls dead. */
function withoutFinding(
  finding: Finding,
  ruleset: Ruleset,
  text: string,
  family: Family,
): Ruleset | undefined {
  if (finding.fix) {
    const edits = [...finding.fix.edits].sort((a, b) => b.span.start - a.span.start);
    const fixed = edits.reduce(
      (left, { span, text: by }) => left.slice(0, span.start) + by + left.slice(span.end),
      text,
    );
    return parseRuleset(fixed, { family, filename: "fixed" }).ruleset;
  }
  if (!dead.has(finding.id)) return undefined;
  const tables = [...ruleset.tables.values()].map((table) => {
    const chains = [...table.chains.values()].map((chain) => {
      const rules = chain.rules.filter((_, index) => !isAbout(finding, table.name, chain.name, index + 1));
      return [chain.name, { ...chain, rules }] as const;
    });
    return [table.name, { ...table, chains: new Map(chains) }] as const;
  });
  return { ...ruleset, tables: new Map(tables) };
}
