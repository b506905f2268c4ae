import { Command } from "commander";
import { type FindingFormat, findingFormats, printFindings } from "../../report/print-findings.ts";
import { type ColourChoice, styleFor } from "../colour.ts";
import { formatOption, withColour } from "../common-options.ts";
import { exitStatus } from "../exit-status.ts";
import { hasGrave, mergeRuns, readBlob, reportOf } from "../lint-blob.ts";
import { rulePaths } from "../rule-paths.ts";
import type { Session } from "../session.ts";
import { decodeText } from "../text.ts";

interface MergeOptions {
  readonly format: FindingFormat;
  readonly color: ColourChoice;
}

/** `netverdict merge-reports BLOB...`: one report, and one exit status, of runs over parts of a fleet. */
export function mergeReportsCommand(session: Session): Command {
  const command = new Command("merge-reports")
    .description("Put the reports of lint --format blob together: one report, one exit status.")
    .argument("<blobs...>", "files that lint --format blob wrote, or globs of them")
    .addOption(formatOption(findingFormats, "how to print the findings"))
    .addHelpText("after", "\nSee docs/fleet.md.")
    .action((patterns: string[], options: MergeOptions) => merge(patterns, options, session));
  return withColour(command);
}

async function merge(
  patterns: readonly string[],
  { format, color }: MergeOptions,
  session: Session,
): Promise<void> {
  const { terminal } = session;
  const paths = await rulePaths(patterns, {}, terminal);
  const runs = [];
  for (const path of paths) runs.push(readBlob(decodeText(await terminal.read(path)).text, path));
  const merged = mergeRuns(runs);
  for (const message of merged.failures) terminal.err(`netverdict: ${message}\n`);
  terminal.out(printFindings(format, reportOf(merged), styleFor(color, terminal, "out")));
  // each run says which of its findings are a failure
  if (runs.some(hasGrave)) session.finish(exitStatus.findings);
  if (merged.failures.length > 0) session.finish(exitStatus.usage);
}
