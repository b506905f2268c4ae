import { type LintJob, runLintJob } from "./lint-job.ts";
import { type Packed, pack } from "./pack.ts";

/** What a worker thread runs: a job in, its outcome out, each source text once. */
export default (job: LintJob): Packed => pack(runLintJob(job));
