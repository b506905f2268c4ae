import type { Finding } from "../lint/rule.ts";
import { type FindingsReport, nameOfRule, regionOf } from "./findings.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

/** Text for XML 1.0, which has no word for most control characters and for lone surrogates. */
export const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, "\ufffd")
    .replace(/[&<>"\n\r\t]/g, (char) => entities[char] ?? char);

/** One suite for each file, one failed case for each finding; a file without findings is one case that passes. */
export function findingsJunit(report: FindingsReport): string {
  const names = new Set([...report.files, ...report.findings.map(({ place }) => place.source.name)]);
  const suites = [...names].map((file) => {
    const findings = report.findings.filter(({ place }) => place.source.name === file);
    const cases =
      findings.length === 0
        ? [`    <testcase classname="${escapeXml(file)}" name="no findings"/>`]
        : findings.map((finding) => failedCase(finding, report));
    const { length } = findings;
    return [
      `  <testsuite name="${escapeXml(file)}" tests="${Math.max(1, length)}" failures="${length}" errors="0" skipped="0">`,
      ...cases,
      "  </testsuite>",
    ].join("\n");
  });
  const tests = [...names].reduce(
    (sum, file) =>
      sum + Math.max(1, report.findings.filter(({ place }) => place.source.name === file).length),
    0,
  );
  const head = `<testsuites name="netverdict" tests="${tests}" failures="${report.findings.length}" errors="0">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${[head, ...suites].join("\n")}\n</testsuites>\n`;
}

function failedCase({ id, level, message, place }: Finding, report: FindingsReport): string {
  const { file, line, column } = regionOf(place);
  const name = escapeXml(`${id} ${nameOfRule(report, id)} at line ${line}`);
  const text = escapeXml(`${file}:${line}:${column}: ${message}`);
  return [
    `    <testcase classname="${escapeXml(file)}" name="${name}">`,
    `      <failure type="${level}" message="${escapeXml(message)}">${text}</failure>`,
    "    </testcase>",
  ].join("\n");
}
