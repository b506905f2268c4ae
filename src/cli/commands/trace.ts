import { Command, Option } from "commander";
import { parseNumber } from "../../arg-types/number.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { AssumedState } from "../../evaluate/assumed-tracking.ts";
import { type DecideDraw, type Exploration, explore } from "../../evaluate/draws.ts";
import { Machine } from "../../evaluate/machine.ts";
import type { FlowPacket } from "../../report/flow.ts";
import { flowJson, outcomesJson } from "../../report/flow-json.ts";
import { flowText } from "../../report/flow-text.ts";
import { type FlowRun, outcomesOf } from "../../report/outcomes.ts";
import { outcomesText } from "../../report/outcomes-text.ts";
import { styleFor } from "../colour.ts";
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
import { exitStatus, UsageError } from "../exit-status.ts";
import { assumableStates, type FlowStep } from "../flow.ts";
import { jsonText } from "../json-text.ts";
import { leftOut, loadRules, printDiagnostics } from "../load-rules.ts";
import { prepareFlow } from "../prepare-flow.ts";
import { printFor } from "../print-report.ts";
import { type FlowResult, runFlow } from "../run-flow.ts";
import type { Session } from "../session.ts";
import { readSnapshotSets } from "../snapshot-sets.ts";
import type { Terminal } from "../terminal.ts";
import { decodeText } from "../text.ts";

interface TraceOptions extends FamilyOptions, OutputOptions, BackendOptions, NowOptions {
  readonly packets?: string;
  readonly snapshot?: string;
  readonly ctState?: AssumedState;
  readonly seed?: number;
  readonly explore?: true;
  readonly verbose?: true;
}

const examples = `
PACKET is written in iptables' words, e.g. -i eth0 -p tcp -s 198.51.100.7 --sport 40000 -d 192.0.2.1 --dport 22 --syn
-i alone is a packet to this host, -i and -o one that it forwards, -o alone one that it sends; a snapshot's routes decide
where there is one.`;

/** `netverdict trace RULES PACKET`: what would happen to a packet, and why. */
export function traceCommand(session: Session): Command {
  const command = new Command("trace")
    .description("Say what would happen to a packet, and why.")
    .usage("[options] RULES [PACKET...]")
    .argument("<rules>", "iptables-save dump or script of iptables commands, `-` for standard input")
    .argument("[packet...]", "the packet, in iptables' words")
    .option("--packets <file>", "a flow of packets, YAML or JSON (docs/packets-file.md)")
    .option("--snapshot <dir>", "what the host says of itself (docs/cli.md)")
    .addOption(nowOption("when the flow starts"))
    .addOption(new Option("--ct-state <state>", "what conntrack shall say").choices(assumableStates))
    .addOption(
      new Option(
        "--seed <number>",
        "where random draws start, as of `statistic --mode random` (0 … 4294967295)",
      )
        .argParser(parseSeed)
        .conflicts("explore"),
    )
    .option("--explore", "follow both ways of every random draw of a match, and list the outcomes")
    .option("-v, --verbose", "show near misses: rules that failed on one condition only")
    .addOption(backendOption())
    // iptables' own options are words of the packet
    .allowUnknownOption()
    .addHelpText("after", examples)
    .action((rules: string, words: string[], options: TraceOptions) => trace(rules, words, options, session));
  return withColour(withFormat(withFamily(command)));
}

async function trace(
  path: string,
  words: readonly string[],
  options: TraceOptions,
  session: Session,
): Promise<void> {
  const { terminal } = session;
  const start = options.now ?? terminal.now();
  const steps = await stepsOf(words, options, terminal);
  const sets = await readSnapshotSets(options.snapshot, options.color, terminal);
  const loaded = await loadRules(path, toldFamily(options), terminal, sets);
  const { family, ruleset, diagnostics } = loaded;
  printDiagnostics(diagnostics.filter(isWorthSaying), options.color, terminal);
  const flow = await prepareFlow(
    steps,
    { family, snapshot: options.snapshot, color: options.color },
    terminal,
  );
  const machine = (decideDraw?: DecideDraw): Machine =>
    new Machine(ruleset, {
      host: flow.host,
      connections: flow.connections,
      now: start,
      backend: options.backend,
      sets,
      nearMisses: options.verbose === true,
      seed: options.seed,
      decideDraw,
    });
  const assumptions = [...flow.assumptions, ...leftOut(loaded)];
  const run = (decideDraw?: DecideDraw, began?: (packet: number) => void) =>
    runFlow(flow.steps, machine(decideDraw), flow.host, start, began).map((one) =>
      reported(one, assumptions),
    );
  const print = printFor(family);
  const head = { ...loaded, rules: loaded.name, backend: options.backend };
  const style = styleFor(options.color, terminal, "out");
  const shown = { style, printRule: print, verbose: options.verbose === true };
  const isJson = options.format === "json";
  if (options.explore) {
    const explored = exploreFlow(run);
    const outcomes = outcomesOf(explored, print);
    const { complete } = explored;
    terminal.out(
      isJson
        ? jsonText(outcomesJson({ ...head, outcomes, complete }, print))
        : outcomesText(outcomes, complete, shown),
    );
    if (outcomes.some(({ packets }) => packets.some(disappoints))) session.finish(exitStatus.findings);
    return;
  }
  const packets = run();
  terminal.out(isJson ? jsonText(flowJson({ ...head, packets }, print)) : flowText(packets, shown));
  if (packets.some(disappoints)) session.finish(exitStatus.findings);
}

/** How many ways through the rules' draws are followed at most: all of 6 draws. */
const mostWays = 64;

function exploreFlow(
  run: (decideDraw: DecideDraw, began: (packet: number) => void) => readonly FlowPacket[],
): Exploration<FlowRun> {
  return explore((decide) => {
    const drawnBy: number[] = [];
    let packet = 0;
    const noted: DecideDraw = (draw) => {
      drawnBy.push(packet);
      return decide(draw);
    };
    const packets = run(noted, (next) => {
      packet = next;
    });
    return { packets, drawnBy };
  }, mostWays);
}

const disappoints = ({ disappointments = [] }: FlowPacket): boolean => disappointments.length > 0;

function parseSeed(text: string): number {
  const seed = parseNumber(text, 0, 0xffffffff);
  if (seed === undefined) throw new UsageError(`--seed ${text}: not a number of 0 to 4294967295`);
  return seed;
}

/** What is not modelled is an assumption of each packet that meets it; the rest would only be in the way. */
const isWorthSaying = ({ severity, code }: Diagnostic): boolean =>
  severity !== "info" && code !== "unknown-match" && code !== "unknown-target" && code !== "not-modelled";

/** The flow's steps: the packets file, or the one packet of the command line. */
async function stepsOf(
  words: readonly string[],
  options: TraceOptions,
  terminal: Terminal,
): Promise<readonly FlowStep[]> {
  const packet = words[0] === "--" ? words.slice(1) : words;
  const { packets: file, ctState: assumeState } = options;
  if (file !== undefined) {
    if (packet.length > 0)
      throw new UsageError(`--packets and a packet on the command line (${packet[0]} …)`);
    // yaml and zod are loaded only where there is something to read
    const { parsePacketsFile } = await import("../packets-file.ts");
    const steps = parsePacketsFile(decodeText(await terminal.read(file)).text, file);
    return steps.map((step) => ({ ...step, assumeState: step.assumeState ?? assumeState }));
  }
  if (packet.length === 0) throw new UsageError("no packet: give its words behind RULES, or --packets FILE");
  return [
    {
      name: undefined,
      time: { relative: true, seconds: 0 },
      packet: { kind: "words", words: packet },
      assumeState,
      expectation: undefined,
    },
  ];
}

const reported = ({ step, at, trace: one, disappointments }: FlowResult, assumptions: readonly string[]) => ({
  name: step.name,
  at,
  trace: { ...one, assumptions: [...one.assumptions, ...assumptions] },
  disappointments: step.expectation && disappointments,
});
