import { Command } from "commander";
import { ToldSets } from "../../host/ipset/told-sets.ts";
import type { Ruleset } from "../../model/ruleset.ts";
import type { PrintRule } from "../../report/rule-view.ts";
import { summaryWords, type WitnessResult } from "../../report/witnesses.ts";
import type { ColourChoice } from "../colour.ts";
import {
  type BackendOptions,
  backendOption,
  type FamilyOptions,
  formatOption,
  type NowOptions,
  nowOption,
  toldFamily,
  withColour,
  withFamily,
} from "../common-options.ts";
import { jsonText } from "../json-text.ts";
import { loadRules, printErrors } from "../load-rules.ts";
import { printFor } from "../print-report.ts";
import type { Session } from "../session.ts";
import { readSnapshotSets } from "../snapshot-sets.ts";

const formats = ["packets", "checks", "json"] as const;

interface WitnessCommandOptions extends FamilyOptions, NowOptions, BackendOptions {
  readonly format: (typeof formats)[number];
  readonly color: ColourChoice;
  readonly snapshot?: string;
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
    .addOption(formatOption(formats, "what to write"))
    .option("--snapshot <dir>", "its ipset-save.txt says what sets hold")
    .addOption(nowOption("when the first packet is sent"))
    .addOption(backendOption())
    .addHelpText("after", notes)
    .action((rules: string, options: WitnessCommandOptions) => witness(rules, options, session));
  return withColour(withFamily(command));
}

async function witness(path: string, options: WitnessCommandOptions, session: Session): Promise<void> {
  const { terminal } = session;
  const now = Math.floor(options.now ?? terminal.now());
  const sets = await readSnapshotSets(options.snapshot, options.color, terminal);
  const loaded = await loadRules(path, toldFamily(options), terminal, sets);
  printErrors(loaded, options.color, terminal);
  const [{ analyse }, { onOneHost, ruleWitnesses }] = await Promise.all([
    import("../../analyse/analyse.ts"),
    import("../../analyse/rule-witnesses.ts"),
  ]);
  const analysis = analyse(loaded.ruleset, {
    sets: sets && new ToldSets(sets, loaded.ruleset),
    backend: options.backend,
  });
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
  await print(result, printFor(family), options, session);
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
    terminal.out(jsonText(witnessJson(result, printed)));
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
