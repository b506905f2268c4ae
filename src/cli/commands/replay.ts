import { Command, InvalidArgumentError } from "commander";
import type { CounterComparison } from "../../capture/counter-comparison.ts";
import { printRuleset } from "../../model/print.ts";
import { type Address, parseAddress } from "../../packet/address.ts";
import type { ReplayResult } from "../../report/replay.ts";
import {
  backendOption,
  type FamilyOptions,
  type OutputOptions,
  toldFamily,
  withColour,
  withFamily,
  withFormat,
} from "../common-options.ts";
import { exitStatus, UsageError } from "../exit-status.ts";
import { type LoadedRules, leftOut, loadRules, printErrors } from "../load-rules.ts";
import { printReport } from "../print-report.ts";
import type { RunSettings } from "../run-replay.ts";
import type { Session } from "../session.ts";
import { readSnapshotSets } from "../snapshot-sets.ts";
import type { Terminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

interface ReplayOptions extends FamilyOptions, OutputOptions, Pick<RunSettings, "snapshot" | "backend"> {
  readonly in?: string;
  readonly out?: string;
  readonly address?: readonly Address[];
  readonly flows: number;
  readonly counters?: true;
  readonly keepCounters?: true;
  readonly against?: string;
  readonly write?: string;
  readonly fixChecksums?: true;
  readonly skipTruncated?: true;
  readonly verbose?: true;
}

const notes = `
CAPTURE is a pcap or pcapng file, gzip or not, \`-\` for standard input; eth0=FILE names the interface that it was taken
on. Packets of several captures are replayed in the order of their times. See docs/replay.md.`;

/** `netverdict replay RULES CAPTURE...`: what would these rules have done with these packets? */
export function replayCommand(session: Session): Command {
  const command = new Command("replay")
    .description("Replay captures through a rule set: verdicts, counters, flows, rules never hit.")
    .argument("<rules>", "iptables-save dump or script of iptables commands, `-` for standard input")
    .argument("<captures...>", "[INTERFACE=]FILE")
    .option("--snapshot <dir>", "what the host says of itself (docs/cli.md)")
    .option("--in <interface>", "where captures were taken that do not say it themselves")
    .option("--out <interface>", "without a snapshot: where packets leave that are not for the host")
    .option("--address <address>", "without a snapshot: an address of the host; again for more", address)
    .option("--counters", "print the counters as iptables-save -c, and nothing else")
    .option("--keep-counters", "start with the counters of RULES, as iptables-restore -c does, not with zero")
    .option(
      "--against <dump>",
      "compare the counters with an iptables-save -c dump; exit 1 where they differ",
    )
    .option("--write <file>", "write what left the host as pcapng, verdict and rule as comments")
    .option("--fix-checksums", "received packets get sound checksums (captures with offloading)")
    .option("--skip-truncated", "leave packets out that the snaplen cut, in place of filling them up")
    .option("--flows <number>", "so many flows are known at once", wholeNumber(1, 99999999), 65536)
    .option("-v, --verbose", "list everything")
    .addOption(backendOption())
    .addHelpText("after", notes)
    .action((rules: string, captures: string[], options: ReplayOptions) =>
      replay(rules, captures, options, session),
    );
  return withColour(withFormat(withFamily(command)));
}

function address(text: string, before: readonly Address[] = []): readonly Address[] {
  const value = parseAddress(text);
  if (value === undefined) throw new InvalidArgumentError("expected an IP address.");
  return [...before, value];
}

async function replay(
  path: string,
  captures: readonly string[],
  options: ReplayOptions,
  session: Session,
): Promise<void> {
  const { terminal } = session;
  const { snapshot, color } = options;
  if (snapshot !== undefined && (options.out !== undefined || options.address)) {
    throw new UsageError("--out and --address stand in for a snapshot: leave them out beside --snapshot");
  }
  const { runReplay, captureLabels } = await import("../run-replay.ts");
  const labels = captureLabels(captures);
  const fromStdin = [path, options.against, ...labels.map(({ file }) => file)].filter((one) => one === "-");
  if (fromStdin.length > 1) throw new UsageError("only one of the files can be standard input");
  const sets = await readSnapshotSets(snapshot, color, terminal);
  const loaded = await loadRules(path, toldFamily(options), terminal, sets);
  printErrors(loaded, options.color, terminal);
  const told =
    options.against === undefined ? undefined : await readDump(options.against, loaded, options, terminal);
  const replayed = await runReplay(loaded, labels, { ...settingsOf(options), sets }, terminal);
  for (const { file, offset, code, message } of replayed.problems) {
    terminal.err(`${file}: byte ${offset}: error[${code}]: ${message}\n`);
  }
  const { compareCounters } = await import("../../capture/counter-comparison.ts");
  const against = told && { file: told.name, comparison: compareCounters(replayed.counters, told.ruleset) };
  const result: ReplayResult = {
    file: loaded.name,
    captures: labels.map(({ file }) => (file === "-" ? "stdin" : file)),
    ...replayed,
    ...(against && { against }),
    assumptions: [...replayed.assumptions, ...leftOut(loaded)],
  };
  if (options.counters) terminal.out(printRuleset(replayed.counters, { counters: true }));
  else await printReport(result, loaded.family, forms, options, terminal);
  if (against && differ(against.comparison)) session.finish(exitStatus.findings);
  if (replayed.problems.length > 0) session.finish(exitStatus.usage);
}

const settingsOf = (options: ReplayOptions): Omit<RunSettings, "sets"> => ({
  snapshot: options.snapshot,
  color: options.color,
  backend: options.backend,
  inDevice: options.in,
  outDevice: options.out,
  addresses: options.address ?? [],
  flowLimit: options.flows,
  keepCounters: options.keepCounters === true,
  write: options.write,
  fixChecksums: options.fixChecksums === true,
  skipTruncated: options.skipTruncated === true,
});

async function readDump(
  path: string,
  { family }: LoadedRules,
  options: ReplayOptions,
  terminal: Terminal,
): Promise<LoadedRules> {
  const told = await loadRules(path, family, terminal);
  printErrors(told, options.color, terminal);
  if (!/^\[\d+:\d+\] -A /m.test(told.text) && /^-A /m.test(told.text)) {
    throw new UsageError(`${told.name} has no counters of rules: write it with iptables-save -c`);
  }
  return told;
}

const differ = ({ compared, onlyReplayed, onlyTold }: CounterComparison): boolean =>
  compared.some(({ agrees }) => !agrees) || onlyReplayed.length + onlyTold.length > 0;

const forms = {
  json: async () => (await import("../../report/replay-json.ts")).replayJson,
  text: async () => (await import("../../report/replay-text.ts")).replayText,
};
