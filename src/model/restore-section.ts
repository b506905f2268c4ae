import type { SetNames } from "../arg-types/arg-type.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic, Source, Span } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { Family } from "../packet/address.ts";
import type { Node } from "../syntax/tree.ts";
import { bindCommand } from "./bind.ts";
import { maxNameLength, tooLong } from "./chain-name.ts";
import { JumpGraph } from "./jump-graph.ts";
import { type KernelRefusal, loopRefusal, placeRefusals } from "./kernel-checks.ts";
import { QuickRuleReader } from "./quick-rule.ts";
import { refusable } from "./refusal.ts";
import { standardVerdicts } from "./rule-target.ts";
import type { Rule, Table } from "./ruleset.ts";
import { emptyTable, noCounters, TableDraft } from "./table-draft.ts";
import { editTable } from "./table-edits.ts";

export interface RestoreOptions {
  readonly source: Source;
  readonly family: Family;
  /** iptables-restore -c. */
  readonly keepCounters: boolean;
  /** iptables-restore -n. */
  readonly noFlush: boolean;
  /** Names of the chains that any section of this restore declared so far; the sections add theirs. */
  readonly announced: Set<string>;
  readonly sets?: SetNames | undefined;
}

type ChainNode = Extract<Node, { kind: "chain" }>;
type RuleNode = Extract<Node, { kind: "rule-line" }>;

const plainChainEnd = " - [0:0]";
const plainName = new RegExp(`^[!-~]{1,${maxNameLength}}$`);

/** One `*table` … `COMMIT` of a save file, applied as iptables-restore does, except that a bad line does not stop it. */
export class RestoreSection {
  readonly diagnostics: Diagnostic[] = [];
  readonly #options: RestoreOptions;
  readonly #draft: TableDraft;
  readonly #quick: QuickRuleReader;

  /** `before` is the table as it is; without `noFlush` only its policies stay. */
  constructor(before: Table, options: RestoreOptions) {
    this.#options = options;
    this.#draft = new TableDraft(options.noFlush ? before : flushed(before));
    this.#quick = new QuickRuleReader({ ...options, table: before.name, chains: this.#draft });
  }

  #refuse(code: DiagnosticCode, message: string, span: Span, help?: string): void {
    this.diagnostics.push(
      problem(this.#options.source, code, span, message, help === undefined ? {} : { help }),
    );
  }

  /** `:CHAIN POLICY [packets:bytes]` */
  chain({ name: { text: name, span }, policy, counters }: ChainNode): void {
    if (tooLong(name)) {
      this.#refuse("bad-value", `Invalid chain name \`${name}' (${maxNameLength} chars max)`, span);
      return;
    }
    const exists = `error creating chain '${name}':File exists`;
    if (standardVerdicts.has(name)) {
      this.#refuse("chain-exists", exists, span, "rename it: the name is a verdict's");
      return;
    }
    this.#options.announced.add(name);
    const chain = this.#draft.chain(name);
    if (!chain) this.#draft.addChain(name);
    else if (!chain.hook && this.#options.noFlush) this.#draft.setRules(name, []);
    else if (!chain.hook) this.#refuse("chain-exists", exists, span);
    if (policy.text === "-") return;
    const cannot = `Can't set policy \`${policy.text}' on \`${name}'`;
    if (!chain?.hook) {
      const help = `write \`-\`: only built-in chains have a policy`;
      this.#refuse("bad-policy", `${cannot}: Bad built-in chain name`, policy.span, help);
    } else if (policy.text !== "ACCEPT" && policy.text !== "DROP") {
      this.#refuse("bad-policy", `${cannot}: Bad policy name`, policy.span, "a policy is ACCEPT or DROP");
    } else {
      const kept = this.#options.keepCounters && counters ? counters : noCounters;
      const { packets, bytes } = kept;
      this.#draft.update(name, { policy: policy.text, counters: { packets, bytes } });
    }
  }

  /** A line of the source that is read without a node; false where it must be read the long way. */
  line(text: string, start: number, end: number): boolean {
    if (text.startsWith(":", start)) return this.#plainChain(text, start, end);
    const read = this.#quick.read(start, end);
    if (!read) return false;
    const { chain, rule } = read;
    this.#draft.append(chain, rule);
    return true;
  }

  /** `:NAME - [0:0]` with a name that nobody has yet: all but a handful of the chains of a long dump. */
  #plainChain(text: string, start: number, end: number): boolean {
    const nameEnd = end - plainChainEnd.length;
    if (!text.endsWith(plainChainEnd, end)) return false;
    const name = text.slice(start + 1, nameEnd);
    if (!plainName.test(name) || standardVerdicts.has(name) || this.#draft.head(name)) return false;
    this.#options.announced.add(name);
    this.#draft.addChain(name);
    return true;
  }

  /** `[packets:bytes] -A CHAIN …` or any other command. */
  rule({ words, counters }: RuleNode): void {
    const { source, family, keepCounters, announced, sets } = this.#options;
    const kept = keepCounters && counters ? { packets: counters.packets, bytes: counters.bytes } : undefined;
    const { value: command, diagnostics } = bindCommand(words, {
      source,
      family,
      section: this.#draft.name,
      announced,
      sets,
      ...(kept ? { counters: kept } : {}),
    });
    this.diagnostics.push(...diagnostics);
    if (!command) return;
    this.#quick.forgetChain();
    const edited = refusable(() => editTable(this.#draft, command));
    if (edited.ok) return;
    const { code, message, help } = edited.refusal;
    this.#refuse(code, message, { start: words[0]!.span.start, end: words.at(-1)!.span.end }, help);
  }

  /** Hands the table to the kernel: rules that it refuses are taken out, each with a diagnostic. */
  commit(): Table {
    let graph = new JumpGraph(this.#draft);
    for (let loop = loopRefusal(graph); loop; loop = loopRefusal(graph)) {
      this.#remove([loop]);
      graph = new JumpGraph(this.#draft);
    }
    this.#remove(placeRefusals(this.#draft, this.#options.family, () => graph));
    return this.#draft.freeze();
  }

  #remove(refusals: readonly KernelRefusal[]): void {
    const refused = new Set<Rule>();
    for (const { rule, code, message, help, iptables } of refusals) {
      refused.add(rule);
      const notes = [`iptables: ${iptables}`];
      const { source, span } = rule.origin ?? { source: this.#options.source, span: { start: 0, end: 0 } };
      this.diagnostics.push(
        problem(source, code, span, message, help === undefined ? { notes } : { notes, help }),
      );
    }
    for (const name of new Set(refusals.map(({ chain }) => chain))) {
      const rules = this.#draft.chain(name)?.rules ?? [];
      this.#draft.setRules(
        name,
        rules.filter((rule) => !refused.has(rule)),
      );
    }
  }
}

/** What a restore starts from: no rules, no user-defined chains, the policies as they were. */
function flushed(table: Table): Table {
  const empty = emptyTable(table.name);
  const chains = [...empty.chains.values()].map((chain) => ({
    ...chain,
    policy: table.chains.get(chain.name)?.policy ?? chain.policy,
    counters: table.chains.get(chain.name)?.counters ?? chain.counters,
  }));
  return { name: table.name, chains: new Map(chains.map((chain) => [chain.name, chain])) };
}
