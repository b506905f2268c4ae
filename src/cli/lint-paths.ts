import type { Finding } from "../lint/rule.ts";
import type { Family } from "../packet/address.ts";
import { type Baseline, newFindings } from "./baseline.ts";
import type { ColourChoice } from "./colour.ts";
import { UsageError } from "./exit-status.ts";
import { guessFamily } from "./family.ts";
import { fixText } from "./fix-text.ts";
import { halvesOf, lintFile, shownPath } from "./lint-file.ts";
import { type FleetSettings, lintFleet } from "./lint-fleet.ts";
import { choiceOf, type LintJob } from "./lint-job.ts";
import { printDiagnostics } from "./load-rules.ts";
import type { Terminal } from "./terminal.ts";
import { decodeText, type Encoding, encodeText } from "./text.ts";

export interface PathSettings extends FleetSettings, Pick<LintJob, "ids" | "levels" | "keep" | "backend"> {
  /** What the user said; else it is guessed for each file. */
  readonly family: Family | undefined;
  readonly format: string;
  readonly color: ColourChoice;
  readonly fix?: true;
  readonly fixDryRun?: true;
  /** Findings that are not fixed. */
  readonly baseline: Baseline;
}

export interface LintedPaths {
  readonly findings: readonly Finding[];
  /** The files that were linted. */
  readonly files: readonly string[];
  readonly silenced: number;
  /** What to say of files that were not. */
  readonly failures: readonly string[];
}

interface ReadJob extends LintJob {
  readonly path: string;
  readonly encoding: Encoding;
}

/** Lints files. One that cannot be read, or is no rule set, keeps none of the others from it. */
export async function lintPaths(
  paths: readonly string[],
  settings: PathSettings,
  terminal: Terminal,
): Promise<LintedPaths> {
  const failures: string[] = [];
  const read: ReadJob[] = [];
  for (const path of paths) {
    try {
      const job = await readJob(path, settings, terminal);
      read.push(settings.fix || settings.fixDryRun ? fixed(job, settings, terminal) : job);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      failures.push(`netverdict: ${error.message}\n`);
    }
  }
  const jobs = read.map(({ path: _path, encoding: _encoding, ...job }): LintJob => job);
  const outcomes = await lintFleet(jobs, settings, terminal);
  const findings: Finding[] = [];
  const files: string[] = [];
  let silenced = 0;
  for (const [index, outcome] of outcomes.entries()) {
    const { name } = jobs[index]!;
    if (!outcome.ok) {
      printDiagnostics(outcome.diagnostics, settings.color, terminal);
      failures.push(
        `netverdict: ${name} is neither an iptables-save dump nor a script of iptables commands\n`,
      );
      continue;
    }
    if (settings.format === "text") printDiagnostics(outcome.hints, settings.color, terminal);
    findings.push(...outcome.findings);
    files.push(name);
    silenced += outcome.silenced;
  }
  return { findings, files, silenced, failures };
}

async function readJob(path: string, settings: PathSettings, terminal: Terminal): Promise<ReadJob> {
  const { ids, levels, keep, backend } = settings;
  const { text, encoding } = decodeText(await terminal.read(path));
  const name = shownPath(path, terminal.directory);
  const family = settings.family ?? guessFamily(path === "-" ? "stdin" : path, text);
  const familyTold = settings.family !== undefined;
  return { path, encoding, name, text, family, familyTold, backend, ids, levels, keep };
}

/** The job for the text as it is after fixing. */
function fixed(job: ReadJob, { baseline, fix }: PathSettings, terminal: Terminal): ReadJob {
  const halves = halvesOf(job);
  const { findings } = lintFile(job, halves, choiceOf(job), job.keep);
  const { text, notes } = fixText(job, halves, newFindings(findings, baseline));
  for (const note of notes) terminal.err(`${note}\n`);
  if (!fix || text === job.text) return job;
  if (job.path === "-") terminal.out(encodeText(text, job.encoding));
  else terminal.write(job.path, encodeText(text, job.encoding));
  return { ...job, text };
}
