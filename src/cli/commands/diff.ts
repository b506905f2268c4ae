import { Command, InvalidArgumentError, Option } from "commander";
import { printRule } from "../../model/print-rule.ts";
import type { DiffResult } from "../../report/diff.ts";
import type { PrintRule } from "../../report/rule-view.ts";
import { styleFor } from "../colour.ts";
import {
  type FamilyOptions,
  type OutputOptions,
  toldFamily,
  withColour,
  withFamily,
} from "../common-options.ts";
import { exitStatus, UsageError } from "../exit-status.ts";
import { loadRules, printDiagnostics } from "../load-rules.ts";
import type { Session } from "../session.ts";

const formats = ["text", "json", "markdown"] as const;

interface DiffOptions extends FamilyOptions, Omit<OutputOptions, "format"> {
  readonly format: (typeof formats)[number];
  readonly limit: number;
  readonly verbose?: true;
}

const notes = `
Exit status as diff(1): 0 no packet fares differently (a proof), 1 some do, 2 trouble.
As git's difftool: git difftool -x "netverdict diff" COMMIT -- rules.v4
See docs/diff.md.`;

/** Columns of the traces side by side where nobody says how wide the terminal is. */
const usualWidth = 160;

/** `netverdict diff OLD NEW`: what changes for packets? */
export function diffCommand(session: Session): Command {
  const command = new Command("diff")
    .description("Show the packets that fare differently with other rules, or prove that there are none.")
    .argument("<old>", "iptables-save dump or script of iptables commands, `-` for standard input")
    .argument("<new>", "the same")
    .option("--limit <groups>", "show at most so many groups of packets, 0 for all", count, 10)
    .option("-v, --verbose", "show both traces of each packet side by side")
    .addOption(new Option("--format <format>", "how to print the result").choices(formats).default("text"))
    .addHelpText("after", notes)
    .action((old: string, next: string, options: DiffOptions) => diff(old, next, options, session));
  return withColour(withFamily(command));
}

function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a number.");
}

async function diff(oldPath: string, newPath: string, options: DiffOptions, session: Session): Promise<void> {
  const { terminal } = session;
  if (oldPath === "-" && newPath === "-") throw new UsageError("only one of the two can be standard input");
  const old = await loadRules(oldPath, toldFamily(options), terminal);
  const next = await loadRules(newPath, toldFamily(options) ?? old.family, terminal);
  const loaded = [old, next];
  const assumptions: string[] = [];
  for (const { name, diagnostics } of loaded) {
    const errors = diagnostics.filter((one) => one.severity === "error");
    printDiagnostics(errors, options.color, terminal);
    if (errors.length > 0)
      assumptions.push(`left out, as the diagnostics say: ${errors.length} of the lines of ${name}`);
  }
  const { compareRulesets } = await import("../../analyse/diff-compare.ts");
  const compared = compareRulesets(old.ruleset, next.ruleset, {
    limit: options.limit,
    now: terminal.now(),
  });
  const result: DiffResult = {
    ...compared,
    old: old.name,
    new: next.name,
    assumptions: [...assumptions, ...compared.assumptions],
  };
  await print(result, old.family, options, session);
  if (result.groups > 0) session.finish(exitStatus.findings);
}

async function print(
  result: DiffResult,
  family: "ipv4" | "ipv6",
  options: DiffOptions,
  { terminal }: Session,
): Promise<void> {
  const printed: PrintRule = (rule, chain) => printRule(rule, chain, family);
  switch (options.format) {
    case "text": {
      const { diffText } = await import("../../report/diff-text.ts");
      const columns = Number(terminal.environment["COLUMNS"]);
      const width = Number.isInteger(columns) && columns > 60 ? columns : usualWidth;
      const style = styleFor(options.color, terminal, "out");
      terminal.out(diffText(result, { style, printRule: printed, verbose: options.verbose === true, width }));
      break;
    }
    case "json": {
      const { diffJson } = await import("../../report/diff-json.ts");
      terminal.out(`${JSON.stringify(diffJson(result, printed), undefined, 2)}\n`);
      break;
    }
    case "markdown": {
      const { diffMarkdown } = await import("../../report/diff-markdown.ts");
      terminal.out(diffMarkdown(result, printed));
      break;
    }
  }
}
