import { type FindingsReport, nameOfRule, regionOf } from "./findings.ts";

/** `{"version":1,"findings":[…]}`: the format of docs/lint.md. */
export function findingsJson(report: FindingsReport): string {
  const findings = report.findings.map((finding) => ({
    id: finding.id,
    name: nameOfRule(report, finding.id),
    level: finding.level,
    message: finding.message,
    ...regionOf(finding.place),
    ...(finding.fingerprint === undefined ? {} : { fingerprint: finding.fingerprint }),
    related: finding.related.map((place) => ({
      ...regionOf(place),
      ...(place.message === undefined ? {} : { message: place.message }),
    })),
    ...(finding.fix
      ? {
          fix: {
            description: finding.fix.description,
            edits: finding.fix.edits.map((edit) => ({ ...regionOf(edit), text: edit.text })),
          },
        }
      : {}),
    assumptions: finding.assumptions,
  }));
  return `${JSON.stringify({ version: 1, findings }, undefined, 2)}\n`;
}
