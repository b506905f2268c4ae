import { Command } from "commander";
import packageFile from "../../../package.json" with { type: "json" };
import { breaksPolicy, type PolicyResult } from "../../analyse/policy-check.ts";
import type { Family } from "../../packet/address.ts";
import { policyText } from "../../report/policy-text.ts";
import { styleFor } from "../colour.ts";
import {
  type BackendOptions,
  backendOption,
  type FamilyOptions,
  formatOption,
  type NowOptions,
  nowOption,
  type OutputOptions,
  toldFamily,
  withColour,
  withFamily,
} from "../common-options.ts";
import { exitStatus, InputError, UsageError } from "../exit-status.ts";
import { jsonText } from "../json-text.ts";
import { loadRules, printErrors } from "../load-rules.ts";
import type { PolicyFile } from "../policy-file.ts";
import { printFor } from "../print-report.ts";
import { readShard, rulePaths, type Shard } from "../rule-paths.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { decodeText } from "../text.ts";

const formats = ["text", "json", "sarif", "github", "junit", "gcc"] as const;

interface CheckOptions extends FamilyOptions, NowOptions, BackendOptions, Omit<OutputOptions, "format"> {
  readonly format: (typeof formats)[number];
  readonly rules?: readonly string[];
  readonly filesFrom?: string;
  readonly shard?: string;
  readonly allowUnknown?: true;
  readonly verbose?: true;
}

const notes = `
A policy says what must hold for sets of packets (accept, deny, only … from), for single packets and for flows, all in
iptables' words: docs/check.md. PASS is a proof for every packet of a set, FAIL comes with a packet that breaks the
check, UNKNOWN with what keeps it from being proved.`;

/** `netverdict check POLICY.yaml`: does a rule set keep a policy, for every packet? */
export function checkCommand(session: Session): Command {
  const command = new Command("check")
    .description("Prove that rule sets keep a policy, or show a packet that breaks it.")
    .usage("[options] POLICY...")
    .argument("<policy...>", "policy files, YAML or JSON")
    .option("--rules <file...>", "check these rule sets in place of the policy's own")
    .option("--files-from <file>", "check the rule sets that this file lists, `-` for standard input")
    .option("--shard <i/n>", "only the i-th of n parts of them; n alone: JOB_COMPLETION_INDEX says which")
    .option("--allow-unknown", "UNKNOWN is no failure")
    .addOption(nowOption("when flows start"))
    .addOption(backendOption())
    .option("-v, --verbose", "show the traces of packets that break a check, and what was proved")
    .addOption(formatOption(formats))
    .addHelpText("after", notes)
    .action((policies: string[], options: CheckOptions) => check(policies, options, session));
  return withColour(withFamily(command));
}

async function check(paths: readonly string[], options: CheckOptions, session: Session): Promise<void> {
  const { terminal } = session;
  const start = options.now ?? terminal.now();
  // yaml and zod are loaded only where there is something to read
  const { parsePolicyFile } = await import("../policy-file.ts");
  const shard = options.shard === undefined ? undefined : readShard(options.shard, terminal.environment);
  const results: PolicyResult[] = [];
  const failures: UsageError[] = [];
  for (const path of paths) {
    const policy = parsePolicyFile(decodeText(await terminal.read(path)).text, path === "-" ? "stdin" : path);
    for (const rules of await ruleFiles(policy, options, shard, terminal)) {
      try {
        results.push(await checkRules(policy, rules, options, start, terminal));
      } catch (error) {
        // one bad host keeps no other from being checked
        if (!(error instanceof UsageError)) throw error;
        failures.push(error);
      }
    }
  }
  const [first] = failures;
  if (first && results.length === 0) throw first;
  for (const error of failures) {
    terminal.err(error instanceof InputError ? `${error.message}\n` : `netverdict: ${error.message}\n`);
  }
  if (first) session.finish(exitStatus.usage);
  await print(results, options, terminal);
  if (results.some((file) => file.results.some(breaksPolicy))) session.finish(exitStatus.findings);
}

/** The files that the policy's globs and paths, or the command line, name. */
const ruleFiles = (
  policy: PolicyFile,
  { rules, filesFrom }: CheckOptions,
  shard: Shard | undefined,
  terminal: Terminal,
): Promise<readonly string[]> =>
  rulePaths(
    rules ?? (filesFrom === undefined ? policy.rules : []),
    { ...(filesFrom !== undefined && { filesFrom }), ...(shard && { shard }) },
    terminal,
  );

async function checkRules(
  policy: PolicyFile,
  path: string,
  options: CheckOptions,
  start: number,
  terminal: Terminal,
): Promise<PolicyResult> {
  const { checkPolicy } = await import("../run-policy.ts");
  const family: Family | undefined = toldFamily(options) ?? policy.family;
  const loaded = await loadRules(path, family, terminal);
  printErrors(loaded, options.color, terminal);
  const { color, backend } = options;
  const settings = { color, backend, start, allowUnknown: options.allowUnknown === true };
  return checkPolicy(policy, loaded, settings, terminal);
}

async function print(
  results: readonly PolicyResult[],
  options: CheckOptions,
  terminal: Terminal,
): Promise<void> {
  const style = styleFor(options.color, terminal, "out");
  const { format } = options;
  switch (format) {
    case "text":
      terminal.out(policyText(results, { style, printFor, verbose: options.verbose === true }));
      break;
    case "json": {
      const { policyJson } = await import("../../report/policy-json.ts");
      terminal.out(jsonText(policyJson(results, printFor)));
      break;
    }
    case "junit": {
      const { policyJunit } = await import("../../report/policy-junit.ts");
      terminal.out(policyJunit(results, printFor));
      break;
    }
    default: {
      const { policyReport } = await import("../../report/policy-findings.ts");
      const { printFindings } = await import("../../report/print-findings.ts");
      terminal.out(printFindings(format, policyReport(results, printFor, packageFile.version), style));
    }
  }
}
