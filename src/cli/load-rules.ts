import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderDiagnostic } from "../diagnostics/render.ts";
import { type Ipsets, setFamilies } from "../host/ipset/ipsets.ts";
import { parseRuleset } from "../model/parse-ruleset.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";
import { type ColourChoice, styleFor } from "./colour.ts";
import { UsageError } from "./exit-status.ts";
import { guessFamily } from "./family.ts";
import type { Terminal } from "./terminal.ts";
import { decodeText, type Encoding } from "./text.ts";

export interface LoadedRules {
  /** What diagnostics call the file. */
  readonly name: string;
  readonly text: string;
  readonly encoding: Encoding;
  readonly family: Family;
  readonly ruleset: Ruleset;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a dump or script; `family` is what the user said, else it is guessed. With `sets`, rules name no others. Throws `UsageError` for a file that cannot be read. */
export async function loadRules(
  path: string,
  family: Family | undefined,
  terminal: Terminal,
  sets?: Ipsets,
): Promise<LoadedRules> {
  const { text, encoding } = decodeText(await terminal.read(path));
  const name = path === "-" ? "stdin" : path;
  const known = family ?? guessFamily(name, text);
  const { ruleset, diagnostics } = parseRuleset(text, {
    family: known,
    filename: name,
    ...(sets ? { sets: setFamilies(sets) } : {}),
  });
  if (ruleset.tables.size === 0 && diagnostics.some((one) => one.severity === "error")) {
    printDiagnostics(diagnostics.slice(0, 3), "auto", terminal);
    throw new UsageError(`${name} is neither an iptables-save dump nor a script of iptables commands`);
  }
  return { name, text, encoding, family: known, ruleset, diagnostics };
}

const errorsOf = ({ diagnostics }: LoadedRules): readonly Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === "error");

export const printErrors = (loaded: LoadedRules, colour: ColourChoice, terminal: Terminal): void =>
  printDiagnostics(errorsOf(loaded), colour, terminal);

/** The assumption that lines which could not be read do not matter; none where all could be. */
export function leftOut(loaded: LoadedRules): readonly string[] {
  const { length } = errorsOf(loaded);
  if (length === 0) return [];
  const lines = length === 1 ? "1 line" : `${length} lines`;
  return [`left out, as the diagnostics say: ${lines} of ${loaded.name}`];
}

export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  colour: ColourChoice,
  terminal: Terminal,
): void {
  const { strong, faint, good, bad, changed } = styleFor(colour, terminal, "err");
  const looks = { error: bad, warning: changed, info: faint, place: strong, frame: faint, help: good };
  for (const diagnostic of diagnostics) {
    terminal.err(`${renderDiagnostic(diagnostic, { colour: (style, text) => looks[style](text) })}\n`);
  }
}
