import { isMap, parseDocument } from "yaml";
import { CoverageCount } from "../analyse/coverage.ts";
import { Machine } from "../evaluate/machine.ts";
import { type Recording, readRecording } from "../evaluate/recording.ts";
import { replayRecording } from "../evaluate/replay-recording.ts";
import type { Ipsets } from "../host/ipset/ipsets.ts";
import type { ColourChoice } from "./colour.ts";
import { UsageError } from "./exit-status.ts";
import type { FlowStep } from "./flow.ts";
import type { LoadedRules } from "./load-rules.ts";
import { parsePacketsFile } from "./packets-file.ts";
import { parsePolicyFile } from "./policy-file.ts";
import { prepareFlow } from "./prepare-flow.ts";
import { runFlow } from "./run-flow.ts";
import type { Terminal } from "./terminal.ts";
import { decodeText } from "./text.ts";

export interface CoverageSettings {
  /** Seconds since 1970 at which flows start. */
  readonly start: number;
  readonly snapshot: string | undefined;
  readonly sets: Ipsets | undefined;
  readonly color: ColourChoice;
}

/** Runs packets of files through the rules and counts what they hit. */
export class CoverageRuns {
  readonly count: CoverageCount;
  packets = 0;
  private readonly loaded: LoadedRules;
  private readonly settings: CoverageSettings;
  private readonly terminal: Terminal;

  constructor(loaded: LoadedRules, settings: CoverageSettings, terminal: Terminal) {
    this.loaded = loaded;
    this.settings = settings;
    this.terminal = terminal;
    this.count = new CoverageCount(loaded.ruleset);
  }

  /** Runs a packets file, a policy or a recording: its content tells which it is. Throws `UsageError` for anything else. */
  async run(path: string): Promise<void> {
    const { text } = decodeText(await this.terminal.read(path));
    const recording = recordingIn(text, path);
    if (recording) {
      this.replay(recording, path);
      return;
    }
    if (!isPolicy(text)) {
      await this.flow(parsePacketsFile(text, path), this.settings.snapshot);
      return;
    }
    const policy = parsePolicyFile(text, path);
    const snapshot = this.settings.snapshot ?? policy.snapshot;
    for (const check of policy.checks) if (check.kind === "flow") await this.flow(check.steps, snapshot);
  }

  private replay(recording: Recording, path: string): void {
    const { family, ruleset } = this.loaded;
    const own = recording.family ?? "ipv4";
    if (own !== family) throw new UsageError(`${path} is a recording of ${own}, and the rules are ${family}`);
    this.count.add(replayRecording(recording, ruleset, this.settings.sets));
    this.packets += recording.packets.length;
  }

  private async flow(steps: readonly FlowStep[], snapshot: string | undefined): Promise<void> {
    const { family, ruleset } = this.loaded;
    const { start, color, sets } = this.settings;
    const flow = await prepareFlow(steps, { family, snapshot, color }, this.terminal);
    const { host, connections } = flow;
    const machine = new Machine(ruleset, { host, connections, now: start, sets });
    this.packets += runFlow(flow.steps, machine, flow.host, start).length;
    this.count.add(machine);
  }
}

/** A policy has `checks`, a packets file has not. */
function isPolicy(text: string): boolean {
  const { contents } = parseDocument(text);
  return isMap(contents) && contents.has("checks");
}

/** The recording that a text is; `undefined` where it is none. */
function recordingIn(text: string, path: string): Recording | undefined {
  if (!/^\s*\{/.test(text) || !text.includes('"loaded"')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = readRecording(value);
  if (!read.ok) throw new UsageError(`${path} is no recording: ${read.message}`);
  return read.recording;
}
