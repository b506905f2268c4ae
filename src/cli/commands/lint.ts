import { Command, Option } from "commander";
import { type FindingFormat, findingFormats, printFindings } from "../../report/print-findings.ts";
import { type Baseline, baselineText, newFindings, readBaseline } from "../baseline.ts";
import { type ColourChoice, styleFor } from "../colour.ts";
import {
  type BackendOptions,
  backendOption,
  type FamilyOptions,
  formatOption,
  toldFamily,
  withColour,
  withFamily,
} from "../common-options.ts";
import { exitStatus, UsageError } from "../exit-status.ts";
import { blobText, hasGrave, type LintRun, reportOf } from "../lint-blob.ts";
import { findConfig, type LintConfig, readConfig } from "../lint-config.ts";
import type { FleetSettings } from "../lint-fleet.ts";
import { lintPaths } from "../lint-paths.ts";
import { chooseRules, type FailOn, failOnChoices, type RuleOptions } from "../lint-settings.ts";
import { readShard, rulePaths } from "../rule-paths.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

interface LintOptions extends FamilyOptions, BackendOptions, RuleOptions, FleetSettings {
  readonly format: FindingFormat | "blob";
  readonly color: ColourChoice;
  readonly filesFrom?: string;
  readonly shard?: string;
  readonly failOn?: FailOn;
  /** A path; `false` for --no-config. */
  readonly config: string | boolean;
  readonly baseline?: string;
  readonly updateBaseline?: true;
  readonly keep?: readonly string[];
  readonly fix?: true;
  readonly fixDryRun?: true;
}

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** `netverdict lint RULES...`: what is wrong with a rule set, proved where it can be. */
export function lintCommand(session: Session): Command {
  const command = new Command("lint")
    .description("Find what is wrong with rules: shadowed, redundant, unreachable, risky ones.")
    .argument(
      "[rules...]",
      "iptables-save dumps or scripts of iptables commands, globs of them, `-` for standard input",
    )
    .addOption(formatOption([...findingFormats, "blob"], "how to print the findings"))
    .option("--files-from <file>", "lint the files that this one lists, `-` for standard input")
    .option("--jobs <number>", "so many worker threads", wholeNumber(1, 999), 1)
    .option("--cache <dir>", "keep results here, by what the files contain")
    .option("--shard <i/n>", "only the i-th of n parts; n alone: JOB_COMPLETION_INDEX says which")
    .addOption(
      new Option("--fail-on <level>", "exit 1 for findings of this level or a graver one (warning)").choices(
        failOnChoices,
      ),
    )
    .option("--severity <ID=level>", "change a rule's level, or turn it `off`; again for more", collect)
    .option("--enable <ids>", "run rules that are off, with commas", collect)
    .option("--disable <ids>", "leave rules out, with commas", collect)
    .option(
      "--keep <packets>",
      "a session that must never be lost, in match words (NV207); again for more",
      collect,
    )
    .addOption(backendOption())
    .option("--config <file>", "read this in place of the nearest .netverdict.yaml")
    .option("--no-config", "read no configuration file")
    .option("--baseline <file>", "tell only what this file does not know")
    .option("--update-baseline", "write all findings to the baseline file")
    .option("--fix", "change the files where it is proved that no packet's fate changes")
    .option("--fix-dry-run", "show what --fix would change")
    .addHelpText(
      "after",
      "\n`netverdict rules` lists the rules; docs/lint.md tells about pragmas and configuration,\ndocs/fleet.md about many hosts.",
    )
    .action((paths: string[], options: LintOptions) => lintAll(paths, options, session));
  return withColour(withFamily(command));
}

async function lintAll(patterns: readonly string[], options: LintOptions, session: Session): Promise<void> {
  const { terminal } = session;
  const shard = options.shard === undefined ? undefined : readShard(options.shard, terminal.environment);
  const choice = {
    ...(options.filesFrom !== undefined && { filesFrom: options.filesFrom }),
    ...(shard && { shard }),
  };
  const paths = await rulePaths(patterns, choice, terminal);
  const config = await configOf(options, terminal);
  const { rules, levels } = chooseRules(config, options);
  const keep = [...(options.keep ?? []), ...(config?.keep ?? [])];
  const baselinePath = options.baseline ?? config?.baseline;
  if (options.updateBaseline && baselinePath === undefined) {
    throw new UsageError("--update-baseline needs --baseline FILE");
  }
  const baseline = await knownFindings(baselinePath, options, terminal);
  const settings = { ids: rules.map(({ id }) => id), levels: [...levels], keep };
  const result = await lintPaths(
    paths,
    { ...options, ...settings, baseline, family: toldFamily(options) },
    terminal,
  );
  for (const message of result.failures) terminal.err(message);
  if (result.failures.length > 0) session.finish(exitStatus.usage);
  // with nothing to report on, an empty report would look like a clean one
  if (result.files.length === 0 && result.failures.length > 0 && options.format !== "blob") return;
  if (options.updateBaseline && baselinePath !== undefined) {
    const all = result.findings;
    terminal.write(baselinePath, baselineText(all, result.files, baseline));
    terminal.err(`${baselinePath}: ${all.length} finding${all.length === 1 ? "" : "s"} are known now\n`);
    return;
  }
  const findings = newFindings(result.findings, baseline);
  const run: LintRun = {
    ...settings,
    findings,
    files: result.files,
    silenced: result.silenced,
    inBaseline: result.findings.length - findings.length,
    failures: result.failures.map((message) => message.replace(/^netverdict: |\n$/g, "")),
    failOn: options.failOn ?? config?.failOn ?? "warning",
    ...(shard && { shard }),
  };
  const text =
    options.format === "blob"
      ? blobText(run)
      : printFindings(options.format, reportOf(run), styleFor(options.color, terminal, "out"));
  // with `--fix -` standard output has the fixed rules
  if (options.fix && paths.includes("-")) terminal.err(text);
  else terminal.out(text);
  if (hasGrave(run)) session.finish(exitStatus.findings);
}

async function configOf(options: LintOptions, terminal: Terminal): Promise<LintConfig | undefined> {
  if (options.config === false) return undefined;
  const path = typeof options.config === "string" ? options.config : findConfig(terminal);
  return path === undefined ? undefined : readConfig(path, terminal);
}

async function knownFindings(
  path: string | undefined,
  { updateBaseline }: LintOptions,
  terminal: Terminal,
): Promise<Baseline> {
  if (path === undefined) return {};
  try {
    return await readBaseline(path, terminal);
  } catch (error) {
    // the first --update-baseline makes the file
    if (updateBaseline && error instanceof UsageError && error.message.startsWith("cannot read")) return {};
    throw error;
  }
}
