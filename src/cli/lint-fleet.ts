import { createHash } from "node:crypto";
import packageFile from "../../package.json" with { type: "json" };
import { type LintJob, type LintOutcome, runLintJob } from "./lint-job.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { Progress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

export interface FleetSettings {
  /** Worker threads; 1 is none. */
  readonly jobs: number;
  /** A folder of results by what they are made from. */
  readonly cache?: string | undefined;
}

/**
 * Lints many texts, each different one once: an outcome is used again for the same text and settings, whatever the file is
 * called, within the run and, with a cache, from earlier ones. Outcomes in the order of the jobs.
 */
export async function lintFleet(
  jobs: readonly LintJob[],
  settings: FleetSettings,
  terminal: Terminal,
): Promise<readonly LintOutcome[]> {
  const keys = jobs.map(keyOf);
  const different = new Map<string, LintJob>();
  for (const [index, job] of jobs.entries())
    if (!different.has(keys[index]!)) different.set(keys[index]!, job);
  const done = await runAll(different, settings, terminal);
  return jobs.map((job, index) => {
    const { packed, name } = done.get(keys[index]!)!;
    // pack() made it from an outcome, here, in a worker or in an earlier run of this version
    return unpack(packed, (source) => (source === name ? job.name : source)) as LintOutcome;
  });
}

/** An outcome and what its file was called. */
interface Done {
  readonly packed: Packed;
  readonly name: string;
}

async function runAll(
  jobs: ReadonlyMap<string, LintJob>,
  { jobs: threads, cache }: FleetSettings,
  terminal: Terminal,
): Promise<ReadonlyMap<string, Done>> {
  const done = new Map<string, Done>();
  const progress = new Progress(terminal, jobs.size);
  const finish = (key: string, name: string, packed: Packed): void => {
    done.set(key, { packed, name });
    progress.add(1, () => `${done.size} of ${jobs.size} rule sets`);
  };
  const missing: (readonly [string, LintJob])[] = [];
  for (const [key, job] of jobs) {
    const known = cache === undefined ? undefined : await readCached(`${cache}/${key}.json`, terminal);
    if (known) finish(key, known.name, known.packed);
    else missing.push([key, job]);
  }
  const store = (key: string, job: LintJob, packed: Packed): void => {
    if (cache !== undefined) {
      terminal.write(`${cache}/${key}.json`, JSON.stringify({ name: job.name, ...packed }));
    }
    finish(key, job.name, packed);
  };
  if (cache !== undefined && missing.length > 0) terminal.makeFolder(cache);
  // tsx gives threads no loader on Node 20: the source runs on one, the bundle on as many as asked for
  const workers = import.meta.url.endsWith(".ts") ? 1 : Math.min(threads, missing.length);
  if (workers < 2) {
    for (const [key, job] of missing) store(key, job, pack(runLintJob(job)));
  } else {
    const { runOnThreads } = await import("./fleet-threads.ts");
    await runOnThreads(missing, workers, store);
  }
  progress.end();
  return done;
}

/** All that an outcome depends on but the file's name; the version stands for the code. */
function keyOf({ name: _name, ...rest }: LintJob): string {
  return createHash("sha256")
    .update(JSON.stringify({ version: packageFile.version, ...rest }))
    .digest("hex");
}

/** `undefined` where there is none, or none that can be read: then it is made again. */
async function readCached(path: string, terminal: Terminal): Promise<Done | undefined> {
  if (terminal.size(path) === undefined) return undefined;
  try {
    const { name, sources, value } = JSON.parse(new TextDecoder().decode(await terminal.read(path)));
    if (typeof name !== "string" || !Array.isArray(sources) || typeof value !== "object") return undefined;
    return { name, packed: { sources, value } };
  } catch {
    return undefined;
  }
}
