import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Recording, readRecording } from "../../src/evaluate/recording.ts";
import type { Scenario } from "./scenario.ts";

const judge = fileURLToPath(new URL("judge.ts", import.meta.url));

/** One judge process (judge.ts), which answers one scenario after another. */
class Judge {
  private readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor() {
    this.process = spawn("unshare", ["-n", process.execPath, "--import", "tsx", judge], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const input = this.process.stdout;
    if (!input) throw new Error("the judge has no standard output");
    this.lines = createInterface({ input })[Symbol.asyncIterator]();
  }

  async ask(scenario: Scenario): Promise<Recording> {
    const name = `the scenario ${scenario.seed ?? ""}`;
    this.process.stdin?.write(`${JSON.stringify(scenario)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${name} was not recorded: the judge ended`);
    const { recording, error } = JSON.parse(value) as { recording?: unknown; error?: string };
    if (error !== undefined) throw new Error(`${name} was not recorded: ${error}`);
    const read = readRecording(recording);
    if (!read.ok) throw new Error(`${name} was not recorded: ${read.message}`);
    return read.recording;
  }

  close(): void {
    this.process.stdin?.end();
  }
}

/** Some judges that share the work: what the running kernel does with a scenario, asked of whoever is free first. */
export class Judges {
  private readonly judges: Judge[];
  private readonly free: Judge[];
  private readonly waiting: ((judge: Judge) => void)[] = [];

  constructor(count: number) {
    this.judges = Array.from({ length: count }, () => new Judge());
    this.free = [...this.judges];
  }

  /** Rejects where the scenario could not be made. */
  async record(scenario: Scenario): Promise<Recording> {
    const judge = this.free.pop() ?? (await new Promise<Judge>((resolve) => this.waiting.push(resolve)));
    try {
      return await judge.ask(scenario);
    } finally {
      const next = this.waiting.shift();
      if (next) next(judge);
      else this.free.push(judge);
    }
  }

  /** To be called once all is answered: the judges end. */
  close(): void {
    for (const judge of this.judges) judge.close();
  }
}
