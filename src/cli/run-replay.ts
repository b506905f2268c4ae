import { type Coverage, CoverageCount } from "../analyse/coverage.ts";
import { CaptureHost } from "../capture/capture-host.ts";
import type { CaptureProblem } from "../capture/captured-packet.ts";
import type { CaptureLabel } from "../capture/device-of.ts";
import { mergeCaptures } from "../capture/merge-captures.ts";
import { Replay, type ReplaySettings } from "../capture/replay.ts";
import type { ReplayCount } from "../capture/replay-count.ts";
import { withoutCounters } from "../capture/zero-counters.ts";
import { Machine } from "../evaluate/machine.ts";
import type { Ipsets } from "../host/ipset/ipsets.ts";
import type { Backend } from "../model/hooks.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Address } from "../packet/address.ts";
import { readCapture } from "./capture-stream.ts";
import type { ColourChoice } from "./colour.ts";
import { emissionWriter } from "./emission-writer.ts";
import { UsageError } from "./exit-status.ts";
import type { LoadedRules } from "./load-rules.ts";
import { Progress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { type ToldHost, toldHost } from "./told-host.ts";

export interface RunSettings
  extends Pick<ReplaySettings, "inDevice" | "flowLimit" | "fixChecksums" | "skipTruncated"> {
  /** The snapshot's folder. */
  readonly snapshot?: string | undefined;
  readonly sets: Ipsets | undefined;
  readonly color: ColourChoice;
  readonly backend: Backend;
  readonly outDevice: string | undefined;
  readonly addresses: readonly Address[];
  /** Start with the counters that the rules' text has. */
  readonly keepCounters: boolean;
  /** Where to write what left the host. */
  readonly write: string | undefined;
}

export interface Replayed {
  readonly count: ReplayCount;
  readonly coverage: Coverage;
  /** The rules with the counters that they reached. */
  readonly counters: Ruleset;
  readonly problems: readonly (CaptureProblem & { readonly file: string })[];
  readonly assumptions: readonly string[];
}

/** `eth0=FILE` or `FILE`; a file with such a name is written `./eth0=FILE`. An interface's name has at most 15 bytes (IFNAMSIZ). */
export const captureLabels = (words: readonly string[]): readonly CaptureLabel[] =>
  words.map((word) => {
    const [, device, file] = /^([^=/\s]{1,15})=(.+)$/s.exec(word) ?? [];
    return { device, file: file ?? word };
  });

/** Replays captures. Throws `UsageError` for files that cannot be opened and for captures whose interface nobody names. */
export async function runReplay(
  { ruleset: text, family }: LoadedRules,
  labels: readonly CaptureLabel[],
  settings: RunSettings,
  terminal: Terminal,
): Promise<Replayed> {
  terminal.spareMemory();
  const ruleset = settings.keepCounters ? text : withoutCounters(text);
  const { host, connections, assumptions } = await hostOf(settings, terminal);
  const { backend, sets } = settings;
  const writer =
    settings.write === undefined ? undefined : emissionWriter(settings.write, host, family, terminal);
  const replay = new Replay({
    ...settings,
    host,
    family,
    machine: (now, offloadHost) =>
      new Machine(ruleset, { host: offloadHost, now, backend, sets, connections, events: false }),
    ...(writer && { onEmitted: writer.take }),
  });
  const progress = new Progress(terminal, totalSize(labels, terminal));
  const problems = labels.map((): CaptureProblem[] => []);
  const captures = labels.map((label, index) => {
    const onRead = (bytes: number): void => progress.add(bytes, () => `${replay.count.packets} packets`);
    return { label, portions: readCapture(label.file, terminal, problems[index]!, onRead) };
  });
  try {
    await mergeCaptures(captures, (label, packet) => {
      replay.take(label, packet);
      if (replay.count.unnamedFile !== undefined) throw unnamed(replay.count.unnamedFile);
    });
  } finally {
    progress.end();
    writer?.close();
  }
  const machine = replay.machine ?? new Machine(ruleset, { host, now: terminal.now(), backend, sets });
  const coverage = new CoverageCount(ruleset);
  coverage.add(machine);
  return {
    count: replay.count,
    coverage: coverage.result(),
    counters: machine.counters(),
    problems: problems.flatMap((list, index) => list.map((one) => ({ ...one, file: labels[index]!.file }))),
    assumptions: [...new Set([...assumptions, ...host.assumptions, ...replay.count.assumptions])],
  };
}

async function hostOf(
  { snapshot, color, addresses, outDevice }: RunSettings,
  terminal: Terminal,
): Promise<ToldHost> {
  if (snapshot !== undefined) return toldHost(snapshot, color, terminal);
  return { host: new CaptureHost({ addresses, outDevice }), connections: [], assumptions: [] };
}

function totalSize(labels: readonly CaptureLabel[], terminal: Terminal): number | undefined {
  let total = 0;
  for (const { file } of labels) {
    const size = terminal.size(file);
    if (size === undefined) return undefined;
    total += size;
  }
  return total;
}

const unnamed = (file: string): UsageError =>
  new UsageError(
    `nothing says on which interface ${file === "-" ? "standard input" : file} was captured: write eth0=${file}, or --in eth0`,
  );
