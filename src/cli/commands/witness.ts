import { Command, Option } from "commander";
import { ToldSets } from "../../host/ipset/told-sets.ts";
import { printRule } from "../../model/print-rule.ts";
import type { Ruleset } from "../../model/ruleset.ts";
import type { PrintRule } from "../../report/rule-view.ts";
import { summaryWords, type WitnessResult } from "../../report/witnesses.ts";
import type { ColourChoice } from "../colour.ts";
import { type FamilyOptions, toldFamily, withColour, withFamily } from "../common-options.ts";
import { loadRules, printDiagnostics } from "../load-rules.ts";
import type { Session } from "../session.ts";
import { readSnapshotSets } from "../snapshot-sets.ts";
import { parseMoment } from "../time.ts";

const formats = ["packets", "checks", "json"] as const;

interface WitnessCommandOptions extends FamilyOptions {
  readonly format: (typeof formats)[number];
  readonly color: ColourChoice;
  readonly snapshot?: string;
  readonly now?: string;
}

/** Beyond so many rules, making a machine for each of them takes minutes. */
const mostApart = 1500;

const notes = `
  $ netverdict witness rules.v4 > packets.yaml && netverdict trace rules.v4 --packets packets.yaml
  $ netverdict witness rules.v4 --format checks > policy.yaml && netverdict check policy.yaml
See docs/witness.md.`;

/** `netverdict witness RULES`: one packet for each rule, so that a test-suite writes itself. */
export function witnessCommand(session: Session): Command {
  const command = new Command("witness")
    .description("Give one packet for each rule that a packet can match, as a packets file or as checks.")
    .argument("<rules>", "iptables-save dump or script of iptables commands, `-` for standard input")
    .addOption(new Option("--format <format>", "what to write").choices(formats).default("packets"))
    .option("--snapshot <dir>", "its ipset-save.txt says what sets hold")
    .option(
      "--now <time>",
      "when the first packet is sent: ISO 8601 or seconds since 1970; the present time unless told",
    )
    .addHelpText("after", notes)
    .action((rules: string, options: WitnessCommandOptions) => witness(rules, options, session));
  return withColour(withFamily(command));
}

async function witness(path: string, options: WitnessCommandOptions, session: Session): Promise<void> {
  const { terminal } = session;
  const now = Math.floor(options.now === undefined ? terminal.now() : parseMoment(options.now));
  const sets = await readSnapshotSets(options.snapshot, options.color, terminal);
  const loaded = await loadRules(path, toldFamily(options), terminal, sets);
  const errors = loaded.diagnostics.filter((one) => one.severity === "error");
  printDiagnostics(errors, options.color, terminal);
  const [{ analyse }, { onOneHost, ruleWitnesses }] = await Promise.all([
    import("../../analyse/analyse.ts"),
    import("../../analyse/rule-witnesses.ts"),
  ]);
  const analysis = analyse(loaded.ruleset, { sets: sets && new ToldSets(sets, loaded.ruleset) });
  const { family } = loaded;
  const together = options.format === "packets";
  const apart = !together && analysis.rules().length <= mostApart;
  const all = [...ruleWitnesses(analysis, { now, sets, apart })];
  const found = together ? onOneHost(all, analysis, { now, sets }) : all;
  const result: WitnessResult = {
    rules: loaded.name,
    family,
    now,
    asksTime: asksTime(loaded.ruleset),
    found,
    assumptions: analysis.assumptions,
  };
  const printed: PrintRule = (rule, chain) => printRule(rule, chain, family);
  await print(result, printed, options, session);
  terminal.err(`${summaryWords(result)}\n`);
}

async function print(
  result: WitnessResult,
  printed: PrintRule,
  { format }: WitnessCommandOptions,
  { terminal }: Session,
): Promise<void> {
  if (format === "json") {
    const { witnessJson } = await import("../../report/witness-json.ts");
    terminal.out(`${JSON.stringify(witnessJson(result, printed), undefined, 2)}\n`);
    return;
  }
  const { checksYaml, packetsYaml } = await import("../../report/witness-yaml.ts");
  terminal.out((format === "checks" ? checksYaml : packetsYaml)(result, printed));
}

const asksTime = ({ tables }: Ruleset): boolean =>
  [...tables.values()].some(({ chains }) =>
    [...chains.values()].some(({ rules }) =>
      rules.some(({ matches }) => matches.some((use) => use.kind === "known" && use.match.name === "time")),
    ),
  );
