import { Tinypool } from "tinypool";
import type { LintJob } from "./lint-job.ts";
import type { Packed } from "./pack.ts";

/** Stands beside this file's chunk in the bundle (scripts/bundle-options.mjs). */
const worker = "./fleet-worker.js";

/** Lints on worker threads; outcomes are handed over as they come, in no particular order. */
export async function runOnThreads(
  jobs: readonly (readonly [key: string, job: LintJob])[],
  threads: number,
  take: (key: string, job: LintJob, packed: Packed) => void,
): Promise<void> {
  const pool = new Tinypool({
    filename: new URL(worker, import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  });
  try {
    await Promise.all(
      jobs.map(async ([key, job]) => {
        const packed: Packed = await pool.run(job);
        take(key, job, packed);
      }),
    );
  } finally {
    await pool.destroy();
  }
}
