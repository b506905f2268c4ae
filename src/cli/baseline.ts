import type { Finding } from "../lint/rule.ts";
import { jsonText } from "./json-text.ts";
import type { Terminal } from "./terminal.ts";
import { decodeText } from "./text.ts";

/** Known findings: of each file, fingerprint to text. */
export type Baseline = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Reads a baseline file. Throws `InputError` that names every fault with its place. */
export async function readBaseline(path: string, terminal: Terminal): Promise<Baseline> {
  const { text } = decodeText(await terminal.read(path));
  const [{ readYaml }, { baselineFile }] = await Promise.all([
    import("./yaml-file.ts"),
    import("./lint-schema.ts"),
  ]);
  return readYaml({ text, filename: path, schema: baselineFile }).data.files;
}

const isKnown = ({ fingerprint, place }: Finding, baseline: Baseline): boolean =>
  fingerprint !== undefined && baseline[place.source.name]?.[fingerprint] !== undefined;

/** Findings that the baseline does not know. */
export const newFindings = (findings: readonly Finding[], baseline: Baseline): readonly Finding[] =>
  findings.filter((finding) => !isKnown(finding, baseline));

/** A baseline of these findings; of files that were not looked at, the old one's word stays. */
export function baselineText(
  findings: readonly Finding[],
  files: readonly string[],
  before: Baseline,
): string {
  const known: Record<string, Record<string, string>> = {};
  for (const [file, list] of Object.entries(before)) if (!files.includes(file)) known[file] = { ...list };
  for (const { id, message, fingerprint, place } of findings) {
    const file = place.source.name;
    known[file] ??= {};
    if (fingerprint !== undefined) known[file][fingerprint] = `${id}: ${message}`;
  }
  const sorted = Object.keys(known)
    .sort()
    .map((file) => [file, Object.fromEntries(Object.entries(known[file] ?? {}).sort())] as const);
  return jsonText({ version: 1, files: Object.fromEntries(sorted) });
}
