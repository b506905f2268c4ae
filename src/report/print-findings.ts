import type { FindingsReport } from "./findings.ts";
import { findingsGcc } from "./findings-gcc.ts";
import { findingsGithub } from "./findings-github.ts";
import { findingsJson } from "./findings-json.ts";
import { findingsJunit } from "./findings-junit.ts";
import { findingsSarif } from "./findings-sarif.ts";
import { findingsText } from "./findings-text.ts";
import type { Style } from "./style.ts";

export const findingFormats = ["text", "json", "sarif", "github", "junit", "gcc"] as const;
export type FindingFormat = (typeof findingFormats)[number];

const printers: Readonly<Record<FindingFormat, (report: FindingsReport, style: Style) => string>> = {
  text: findingsText,
  json: findingsJson,
  sarif: findingsSarif,
  github: findingsGithub,
  junit: findingsJunit,
  gcc: findingsGcc,
};

/** Findings in one of the formats. Only `text` has colour. */
export const printFindings = (format: FindingFormat, report: FindingsReport, style: Style): string =>
  printers[format](report, style);
