import { Command, Option } from "commander";
import packageFile from "../../../package.json" with { type: "json" };
import type { Finding } from "../../lint/rule.ts";
import { type FindingFormat, findingFormats, printFindings } from "../../report/print-findings.ts";
import { type Baseline, baselineText, newFindings, readBaseline } from "../baseline.ts";
import { type ColourChoice, styleFor } from "../colour.ts";
import { type FamilyOptions, toldFamily, withColour, withFamily } from "../common-options.ts";
import { exitStatus, UsageError } from "../exit-status.ts";
import { fixText } from "../fix-text.ts";
import { findConfig, type LintConfig, readConfig } from "../lint-config.ts";
import { halvesOf, type LintText, lintFile, shownPath } from "../lint-file.ts";
import { chooseRules, type FailOn, failOnChoices, isGrave, type RuleOptions } from "../lint-settings.ts";
import { loadRules, printDiagnostics } from "../load-rules.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { encodeText } from "../text.ts";

interface LintOptions extends FamilyOptions, RuleOptions {
  readonly format: FindingFormat;
  readonly color: ColourChoice;
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
    .argument("<rules...>", "iptables-save dumps or scripts of iptables commands, `-` for standard input")
    .addOption(
      new Option("--format <format>", "how to print the findings").choices(findingFormats).default("text"),
    )
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
    .option("--config <file>", "read this in place of the nearest .netverdict.yaml")
    .option("--no-config", "read no configuration file")
    .option("--baseline <file>", "tell only what this file does not know")
    .option("--update-baseline", "write all findings to the baseline file")
    .option("--fix", "change the files where it is proved that no packet's fate changes")
    .option("--fix-dry-run", "show what --fix would change")
    .addHelpText(
      "after",
      "\n`netverdict rules` lists the rules; docs/lint.md tells about pragmas and configuration.",
    )
    .action((paths: string[], options: LintOptions) => lintAll(paths, options, session));
  return withColour(withFamily(command));
}

async function lintAll(paths: readonly string[], options: LintOptions, session: Session): Promise<void> {
  const { terminal } = session;
  const config = await configOf(options, terminal);
  const choice = chooseRules(config, options);
  const keep = [...(options.keep ?? []), ...(config?.keep ?? [])];
  const baselinePath = options.baseline ?? config?.baseline;
  if (options.updateBaseline && baselinePath === undefined) {
    throw new UsageError("--update-baseline needs --baseline FILE");
  }
  const baseline = await knownFindings(baselinePath, options, terminal);
  const files: string[] = [];
  const all: Finding[] = [];
  let silenced = 0;
  for (const path of paths) {
    const loaded = await loadRules(path, toldFamily(options), terminal);
    const told = toldFamily(options) !== undefined;
    let about: LintText = { ...loaded, name: shownPath(path, terminal.directory), familyTold: told };
    files.push(about.name);
    let halves = halvesOf(about);
    let result = lintFile(about, halves, choice, keep);
    if (options.fix || options.fixDryRun) {
      const fixed = fixText(about, halves, newFindings(result.findings, baseline));
      for (const note of fixed.notes) terminal.err(`${note}\n`);
      if (options.fix && fixed.text !== about.text) {
        if (path === "-") terminal.out(encodeText(fixed.text, loaded.encoding));
        else terminal.write(path, encodeText(fixed.text, loaded.encoding));
        about = { ...about, text: fixed.text };
        halves = halvesOf(about);
        result = lintFile(about, halves, choice, keep);
      }
    }
    if (options.format === "text") printDiagnostics(hints(halves), options.color, terminal);
    all.push(...result.findings);
    silenced += result.silenced;
  }
  if (options.updateBaseline && baselinePath !== undefined) {
    terminal.write(baselinePath, baselineText(all, files, baseline));
    terminal.err(`${baselinePath}: ${all.length} finding${all.length === 1 ? "" : "s"} are known now\n`);
    return;
  }
  const findings = newFindings(all, baseline);
  const report = {
    findings,
    rules: choice.rules.map((rule) => ({ ...rule, level: choice.levels.get(rule.id) ?? rule.level })),
    files,
    version: packageFile.version,
    silenced,
    inBaseline: all.length - findings.length,
  };
  const text = printFindings(options.format, report, styleFor(options.color, terminal, "out"));
  // with `--fix -` standard output has the fixed rules
  if (options.fix && paths.includes("-")) terminal.err(text);
  else terminal.out(text);
  const failOn = options.failOn ?? config?.failOn ?? "warning";
  if (findings.some((finding) => isGrave(finding, failOn))) session.finish(exitStatus.findings);
}

/** What reading the text said beyond what rules of their own tell. */
const hints = (halves: ReturnType<typeof halvesOf>) =>
  halves.flatMap(({ diagnostics }) =>
    diagnostics.filter(({ severity, code }) => severity === "warning" && !code.startsWith("unknown-")),
  );

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
