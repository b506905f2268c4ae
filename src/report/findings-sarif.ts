import type { Finding, LintLevel, LintPlace } from "../lint/rule.ts";
import { type FindingRule, type FindingsReport, regionOf } from "./findings.ts";

const levels: Readonly<Record<LintLevel, string>> = {
  error: "error",
  warning: "warning",
  info: "note",
  style: "note",
};

/** SARIF 2.1.0 (OASIS), one run. */
export function findingsSarif({ findings, rules, files, version }: FindingsReport): string {
  const ids = [...new Set([...rules.map(({ id }) => id), ...findings.map(({ id }) => id)])];
  const described = ids.map((id) =>
    descriptor(
      id,
      rules.find((rule) => rule.id === id),
    ),
  );
  const names = [...new Set([...files, ...findings.map(({ place }) => place.source.name)])];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "netverdict", semanticVersion: version, rules: described } },
        columnKind: "utf16CodeUnits",
        artifacts: names.map((name) => ({ location: { uri: uriOf(name) } })),
        results: findings.map((finding) => result(finding, ids.indexOf(finding.id), names)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function descriptor(id: string, rule: FindingRule | undefined): object {
  if (!rule) return { id };
  return {
    id,
    name: rule.name,
    shortDescription: { text: rule.summary },
    ...(rule.why === undefined ? {} : { fullDescription: { text: rule.why }, help: { text: rule.why } }),
    defaultConfiguration: { level: levels[rule.level] },
  };
}

function result(finding: Finding, ruleIndex: number, names: readonly string[]): object {
  const { id, level, message, place, related, fix, fingerprint } = finding;
  return {
    ruleId: id,
    ruleIndex,
    level: levels[level],
    message: { text: message },
    locations: [{ physicalLocation: physical(place, names) }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, index) => ({
            id: index + 1,
            physicalLocation: physical(other, names),
            message: { text: other.message ?? "see here" },
          })),
        }),
    ...(fingerprint === undefined ? {} : { partialFingerprints: { "ruleText/v1": fingerprint } }),
    ...(fix ? { fixes: [fixOf(fix)] } : {}),
  };
}

function physical(place: Pick<LintPlace, "source" | "span">, names: readonly string[]): object {
  const { file, line, column, endLine, endColumn } = regionOf(place);
  const index = names.indexOf(file);
  return {
    artifactLocation: { uri: uriOf(file), ...(index < 0 ? {} : { index }) },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}

function fixOf({ description, edits }: NonNullable<Finding["fix"]>): object {
  const files = [...new Set(edits.map(({ source }) => source.name))];
  return {
    description: { text: description },
    artifactChanges: files.map((file) => ({
      artifactLocation: { uri: uriOf(file) },
      replacements: edits
        .filter(({ source }) => source.name === file)
        .map((edit) => {
          const { line, column, endLine, endColumn } = regionOf(edit);
          return {
            deletedRegion: { startLine: line, startColumn: column, endLine, endColumn },
            ...(edit.text === "" ? {} : { insertedContent: { text: edit.text } }),
          };
        }),
    })),
  };
}

/** A path as a URI reference, relative where the path is: each segment escaped. */
function uriOf(path: string): string {
  // a lone surrogate has no UTF-8 to escape
  const segments = path
    .split("/")
    .map((segment) => encodeURIComponent(segment.replace(/\p{Cs}/gu, "\ufffd")));
  return path.startsWith("/") ? `file://${segments.join("/")}` : segments.join("/");
}
