import packageFile from "../../package.json" with { type: "json" };
import type { Finding, LintLevel } from "../lint/rule.ts";
import type { FindingsReport } from "../report/findings.ts";
import { UsageError } from "./exit-status.ts";
import { choiceOf, type LintJob } from "./lint-job.ts";
import { type FailOn, isGrave } from "./lint-settings.ts";
import { pack, unpack } from "./pack.ts";
import type { Shard } from "./rule-paths.ts";

/** What a run of `lint` found, before it is printed: runs over parts of a fleet are put together from these. */
export interface LintRun extends Pick<LintJob, "ids" | "levels"> {
  readonly findings: readonly Finding[];
  /** The files that were looked at. */
  readonly files: readonly string[];
  readonly silenced: number;
  readonly inBaseline: number;
  /** What kept files from being looked at, a message each. */
  readonly failures: readonly string[];
  readonly failOn: FailOn;
  readonly shard?: Shard;
}

const kind = "netverdict lint";

export const blobText = (run: LintRun): string =>
  `${JSON.stringify({ version: 1, kind, netverdict: packageFile.version, ...pack(run) })}\n`;

/** Throws `UsageError` for what is no blob, or one that another version wrote. */
export function readBlob(text: string, path: string): LintRun {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${path} is no report of lint --format blob`);
  }
  if (!isBlob(value)) throw new UsageError(`${path} is no report of lint --format blob`);
  if (value.netverdict !== packageFile.version) {
    throw new UsageError(
      `${path} was written by netverdict ${value.netverdict}, this is ${packageFile.version}`,
    );
  }
  // blobText() of the same version made it from a LintRun
  return unpack(value) as LintRun;
}

interface Blob extends ReturnType<typeof pack> {
  readonly kind: typeof kind;
  readonly netverdict: string;
}

function isBlob(value: unknown): value is Blob {
  if (typeof value !== "object" || value === null) return false;
  return (
    "kind" in value &&
    value.kind === kind &&
    "netverdict" in value &&
    typeof value.netverdict === "string" &&
    "sources" in value &&
    Array.isArray(value.sources) &&
    "value" in value &&
    typeof value.value === "object"
  );
}

/** One run out of the runs of several shards, files sorted by name. */
export function mergeRuns(runs: readonly LintRun[]): LintRun {
  const files = [...new Set(runs.flatMap((run) => run.files))].sort();
  const place = new Map(files.map((file, index) => [file, index]));
  const placeOf = ({ place: { source } }: Finding): number => place.get(source.name) ?? files.length;
  const sum = (of: (run: LintRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const levels = new Map<string, LintLevel>(runs.flatMap((run) => run.levels));
  return {
    findings: runs.flatMap((run) => run.findings).sort((one, other) => placeOf(one) - placeOf(other)),
    files,
    ids: [...new Set(runs.flatMap((run) => run.ids))].sort(),
    levels: [...levels],
    silenced: sum((run) => run.silenced),
    inBaseline: sum((run) => run.inBaseline),
    failures: [...runs.flatMap((run) => run.failures), ...missingShards(runs)],
    failOn: "never",
  };
}

/** Parts of a fleet that no report is about. */
function missingShards(runs: readonly LintRun[]): readonly string[] {
  const counts = [...new Set(runs.flatMap(({ shard }) => shard?.count ?? []))];
  return counts.flatMap((count) => {
    const there = new Set(runs.flatMap(({ shard }) => (shard?.count === count ? [shard.index] : [])));
    const missing = Array.from({ length: count }, (_, index) => index).filter((index) => !there.has(index));
    return missing.map((index) => `there is no report of shard ${index + 1}/${count}`);
  });
}

export const hasGrave = ({ findings, failOn }: Pick<LintRun, "findings" | "failOn">): boolean =>
  findings.some((finding) => isGrave(finding, failOn));

export function reportOf(run: LintRun): FindingsReport {
  const { findings, files, silenced, inBaseline } = run;
  const { rules, levels } = choiceOf(run);
  return {
    findings,
    rules: rules.map((rule) => ({ ...rule, level: levels.get(rule.id) ?? rule.level })),
    files,
    version: packageFile.version,
    silenced,
    inBaseline,
  };
}
