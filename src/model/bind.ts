import type { Diagnostic, Outcome, Source, Span } from "../diagnostics/diagnostic.ts";
import type { TableName } from "../extensions/extension.ts";
import type { Family } from "../packet/address.ts";
import type { Word } from "../syntax/tree.ts";
import type { Command } from "./command.ts";
import { CommandReader } from "./command-reader.ts";
import { refusable } from "./refusal.ts";
import type { Counters } from "./ruleset.ts";

/** Where a command stands. */
export interface BindSite {
  readonly source: Source;
  readonly family: Family;
  /** The section of a save file; `undefined` for a command line, which has its own `-t`. */
  readonly section?: TableName;
  /** `[packets:bytes]` before the command. */
  readonly counters?: Counters;
}

const zero: Counters = { packets: 0n, bytes: 0n };

/** The 1-based line of an offset. */
function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
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
    counters: site.counters ?? zero,
    origin: { source, span, line: lineAt(source.text, span.start) },
  });
  const read = refusable(() => reader.read());
  const warnings: readonly Diagnostic[] = reader.warnings.map((warning) => ({
    ...warning,
    severity: "warning",
    source,
  }));
  if (read.ok) return { value: read.value, diagnostics: warnings };
  const { code, message, help, span: at } = read.refusal;
  const error: Diagnostic = {
    code,
    severity: "error",
    message,
    source,
    span: at ?? span,
    notes: [],
    ...(help === undefined ? {} : { help }),
  };
  return { value: undefined, diagnostics: [...warnings, error] };
}
