import { Command, Option } from "commander";
import type { Outcome } from "../../analyse/analysis.ts";
import type { FoundRegion, FoundWitness, Question } from "../../analyse/find.ts";
import type { PacketSet, PacketSpace } from "../../analyse/packet-space.ts";
import { hooksOfPath, type Path } from "../../analyse/path.ts";
import { placeText } from "../../analyse/rule-hits.ts";
import { renderDiagnostic } from "../../diagnostics/render.ts";
import { ToldSets } from "../../host/ipset/told-sets.ts";
import type { Ruleset } from "../../model/ruleset.ts";
import { type Hook, hooks } from "../../packet/context.ts";
import type { FindResult, FlowCount } from "../../report/find.ts";
import {
  type BackendOptions,
  backendOption,
  type FamilyOptions,
  type NowOptions,
  nowOption,
  type OutputOptions,
  toldFamily,
  withColour,
  withFamily,
  withFormat,
} from "../common-options.ts";
import { exitStatus, InputError, UsageError } from "../exit-status.ts";
import { leftOut, loadRules, printErrors } from "../load-rules.ts";
import { printReport } from "../print-report.ts";
import { readRulePlace } from "../rule-place.ts";
import type { Session } from "../session.ts";
import { readSnapshotSets } from "../snapshot-sets.ts";
import { wholeNumber } from "../whole-number.ts";

const verdicts = ["ACCEPT", "DROP", "REJECT", "QUEUE"] as const satisfies readonly Outcome[];

interface FindOptions extends FamilyOptions, OutputOptions, BackendOptions, NowOptions {
  readonly hook?: Hook;
  readonly verdict?: Outcome;
  readonly rule?: string;
  readonly limit: number;
  readonly count?: true;
  readonly snapshot?: string;
  readonly verbose?: true;
}

const notes = `
PACKETS are the match words of a rule, e.g. -i eth0 -p tcp --dport 22 ! -s 10.0.0.0/8; none are all packets. -i alone means
packets to this host, -i and -o packets that it forwards, -o alone packets that it sends; neither means all three.
Exit status: 0 a packet was found, 1 it is proved that there is none, 2 neither, or wrong use. See docs/find.md.`;

/** `netverdict find RULES --verdict ACCEPT -- PACKETS`: is there any packet that …? */
export function findCommand(session: Session): Command {
  const command = new Command("find")
    .description("Find packets that rules accept, drop or match, or prove that there are none.")
    .usage("[options] RULES [--] [PACKETS...]")
    .argument("<rules>", "iptables-save dump or script of iptables commands, `-` for standard input")
    .argument("[packets...]", "the packets to look among, in iptables' match words")
    .addOption(new Option("--verdict <verdict>", "what becomes of them").choices(verdicts))
    .option("--rule <place>", "a rule that matches them, e.g. filter/INPUT:7, or filter/INPUT:policy")
    .addOption(new Option("--hook <hook>", "only packets whose way leads through this hook").choices(hooks))
    .option(
      "--limit <regions>",
      "show a packet of so many regions, 0 for one of each",
      wholeNumber(0, 999999999),
      1,
    )
    .option("--count", "give the number of flows in place of packets")
    .option("--snapshot <dir>", "its ipset-save.txt says what sets hold")
    .addOption(nowOption("when packets are sent"))
    .addOption(backendOption())
    .option("-v, --verbose", "show the packets' traces")
    // iptables' own options are words of the packets
    .allowUnknownOption()
    .addHelpText("after", notes)
    .action((rules: string, words: string[], options: FindOptions) => find(rules, words, options, session));
  return withColour(withFormat(withFamily(command)));
}

async function find(
  path: string,
  words: readonly string[],
  options: FindOptions,
  session: Session,
): Promise<void> {
  const { terminal } = session;
  if (options.verdict === undefined && options.rule === undefined)
    throw new UsageError("say what to find: --verdict ACCEPT, or --rule filter/INPUT:7");
  const now = Math.floor(options.now ?? terminal.now());
  const sets = await readSnapshotSets(options.snapshot, options.color, terminal);
  const loaded = await loadRules(path, toldFamily(options), terminal, sets);
  printErrors(loaded, options.color, terminal);
  const told = sets && new ToldSets(sets, loaded.ruleset);
  const question = await questionOf(words, options, loaded.ruleset, told);
  const [{ analyse }, { search, witnessesOf }, { WitnessFinder }] = await Promise.all([
    import("../../analyse/analyse.ts"),
    import("../../analyse/find.ts"),
    import("../../analyse/witness/find-witness.ts"),
  ]);
  const analysis = analyse(loaded.ruleset, {
    backend: options.backend,
    sets: told,
  });
  const searched = search(question, analysis);
  const finder = new WitnessFinder(analysis, { now, sets });
  const tried: FoundRegion[] = [];
  const witnesses: FoundWitness[] = [];
  const shown = new Set<FoundRegion>();
  let isAll = true;
  if (!options.count) {
    for (const found of witnessesOf(noting(searched.regions, tried), question, finder, analysis.space)) {
      if (options.limit === 0 && shown.has(found.region)) break;
      shown.add(found.region);
      witnesses.push(found);
      isAll = witnesses.length !== options.limit;
      if (!isAll) break;
    }
  }
  const counts = options.count ? countsOf(searched.sets(), analysis.space) : undefined;
  const result: FindResult = {
    rules: loaded.name,
    family: loaded.family,
    now,
    goal: goalOf(question),
    answer: searched.answer,
    regions: tried,
    witnesses,
    isAll,
    counts,
    assumptions: [...leftOut(loaded), ...searched.assumptions],
  };
  await printReport(result, result.family, forms, options, terminal);
  const found = witnesses.length > 0 || (options.count && searched.answer !== "never");
  if (!found) session.finish(searched.answer === "never" ? exitStatus.findings : exitStatus.usage);
}

/** Passes regions on and keeps them. */
function* noting(regions: Iterable<FoundRegion>, tried: FoundRegion[]): Iterable<FoundRegion> {
  for (const region of regions) {
    tried.push(region);
    yield region;
  }
}

const countsOf = (sets: ReadonlyMap<Path, PacketSet>, space: PacketSpace): readonly FlowCount[] =>
  [...sets].map(([path, set]) => ({
    path,
    flows: space.count(set),
    certain: space.count(space.definitely(set)),
    dependsOn: space.deciders(set),
  }));

async function questionOf(
  words: readonly string[],
  { hook, verdict, rule }: FindOptions,
  ruleset: Ruleset,
  sets: ToldSets | undefined,
): Promise<Question> {
  const { readPacketWords } = await import("../../analyse/policy-words.ts");
  const own = words[0] === "--" ? words.slice(1) : words;
  const text = own.map((word) => (/^[^\s'"\\]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`));
  const { value, diagnostics } = readPacketWords(text.join(" "), { family: ruleset.family, sets });
  if (!value) throw new InputError(diagnostics.map((one) => renderDiagnostic(one)).join("\n"));
  const through = value.paths.filter((path: Path) => hook === undefined || hooksOfPath[path].includes(hook));
  if (through.length === 0) throw new UsageError(`no packet with this -i and -o goes through ${hook}`);
  return {
    packets: value.formula,
    paths: through,
    ...(verdict === undefined ? {} : { verdict }),
    ...(rule === undefined ? {} : { rule: readRulePlace(rule, ruleset) }),
  };
}

const verdictWords = { ACCEPT: "accepted", DROP: "dropped", REJECT: "rejected", QUEUE: "queued" } as const;

function goalOf({ verdict, rule }: Question): string {
  const parts = verdict === undefined ? [] : [verdictWords[verdict] as string];
  if (rule?.number === "policy") parts.push(`decided by the policy of ${rule.table}/${rule.chain}`);
  else if (rule) parts.push(`matched by ${placeText(rule)}`);
  return parts.join(" and ");
}

const forms = {
  json: async () => (await import("../../report/find-json.ts")).findJson,
  text: async () => (await import("../../report/find-text.ts")).findText,
};
