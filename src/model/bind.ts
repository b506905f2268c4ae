import type { SetNames } from "../arg-types/arg-type.ts";
import type { Diagnostic, Outcome, Source, Span } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Family } from "../packet/address.ts";
import type { Word } from "../syntax/tree.ts";
import type { Command } from "./command.ts";
import { CommandReader } from "./command-reader.ts";
import { refusable } from "./refusal.ts";
import { RuleOrigin } from "./rule-origin.ts";
import type { Counters } from "./ruleset.ts";

/** Where a command stands. */
export interface BindSite {
  readonly source: Source;
  readonly family: Family;
  /** The section of a save file; `undefined` for a command line, which has its own `-t`. */
  readonly section?: TableName;
  /** `[packets:bytes]` before the command. */
  readonly counters?: Counters;
  /** Names that this restore declared as chains so far: they are no targets to it (xtables_announce_chain). */
  readonly announced?: ReadonlySet<string>;
  /** The host's ipsets; where they are not told, any name will do. */
  readonly sets?: SetNames | undefined;
}

/**
 * Reads the words behind the program's name as iptables does. The value is `undefined` where the command does nothing
 * (`-h`, `-V`, a `-6` line in an IPv4 file) or is refused; a refused command has one error, the first one.
 */
export function bindCommand(words: readonly Word[], site: BindSite): Outcome<Command | undefined> {
  const { source } = site;
  const span: Span = { start: words[0]?.span.start ?? 0, end: words.at(-1)?.span.end ?? 0 };
  const reader = new CommandReader(words, {
    family: site.family,
    section: site.section,
    counters: site.counters,
    announced: site.announced ?? new Set(),
    sets: site.sets,
    origin: new RuleOrigin(source, span.start, span.end),
  });
  const read = refusable(() => reader.read());
  const warnings: readonly Diagnostic[] = reader.warnings.map((warning) => ({
    ...warning,
    severity: "warning",
    source,
  }));
  if (read.ok) {
    const severity = "info";
    const idle = problem(source, "no-effect", span, "iptables reads this line and does nothing", {
      severity,
    });
    return { value: read.value, diagnostics: read.value ? warnings : [...warnings, idle] };
  }
  const { code, message, help, notes, span: at } = read.refusal;
  const error = problem(source, code, at ?? span, message, help === undefined ? { notes } : { notes, help });
  return { value: undefined, diagnostics: [...warnings, error] };
}
