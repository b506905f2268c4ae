import { Command, InvalidArgumentError } from "commander";
import type { ColourChoice } from "../colour.ts";
import {
  type FamilyOptions,
  formatOption,
  type NowOptions,
  nowOption,
  toldFamily,
  withColour,
  withFamily,
} from "../common-options.ts";
import { exitStatus } from "../exit-status.ts";
import { loadRules, printErrors } from "../load-rules.ts";
import { printReport } from "../print-report.ts";
import type { Session } from "../session.ts";
import { readSnapshotSets } from "../snapshot-sets.ts";

const formats = ["text", "json", "lcov"] as const;

interface CoverageOptions extends FamilyOptions, NowOptions {
  readonly format: (typeof formats)[number];
  readonly color: ColourChoice;
  readonly failUnder?: number;
  readonly snapshot?: string;
  readonly verbose?: true;
}

/** `netverdict coverage RULES FILE...`: which rules does no packet hit? */
export function coverageCommand(session: Session): Command {
  const command = new Command("coverage")
    .description("Tell which rules no packet of packets files, policies or recordings hits.")
    .argument("<rules>", "iptables-save dump or script of iptables commands, `-` for standard input")
    .argument("<files...>", "packets files, policies (their packets and flows) and recordings")
    .addOption(formatOption(formats))
    .option("--fail-under <percent>", "exit 1 where fewer rules are hit", percent)
    .option("--snapshot <dir>", "what the host says of itself (docs/cli.md)")
    .addOption(nowOption("when flows start"))
    .option("-v, --verbose", "list the rules that are hit, too")
    .addHelpText("after", "\n`netverdict witness RULES` writes a packet for each rule. See docs/coverage.md.")
    .action((rules: string, files: string[], options: CoverageOptions) =>
      coverage(rules, files, options, session),
    );
  return withColour(withFamily(command));
}

function percent(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError("expected a number from 0 to 100.");
}

async function coverage(
  path: string,
  files: readonly string[],
  options: CoverageOptions,
  session: Session,
): Promise<void> {
  const { terminal } = session;
  const start = options.now ?? terminal.now();
  const sets = await readSnapshotSets(options.snapshot, options.color, terminal);
  const loaded = await loadRules(path, toldFamily(options), terminal, sets);
  printErrors(loaded, options.color, terminal);
  // yaml and zod are loaded only where there is something to read
  const { CoverageRuns } = await import("../coverage-runs.ts");
  const { snapshot, color } = options;
  const runs = new CoverageRuns(loaded, { start, snapshot, sets, color }, terminal);
  for (const file of files) await runs.run(file);
  const { coverageJson, coverageLcov, coverageText, coveredPercent } = await import(
    "../../report/coverage.ts"
  );
  const result = { ...runs.count.result(), file: loaded.name, packets: runs.packets };
  const { format } = options;
  const forms = { json: async () => coverageJson, text: async () => coverageText };
  if (format === "lcov") terminal.out(coverageLcov(result));
  else await printReport(result, loaded.family, forms, { ...options, format }, terminal);
  if (coveredPercent(result) < (options.failUnder ?? 0)) session.finish(exitStatus.findings);
}
