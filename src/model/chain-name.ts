import { byteLength } from "../diagnostics/byte-length.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { targetsByName } from "../extensions/registry.ts";
import { refuse } from "./refusal.ts";
import { iptablesTargets } from "./unmodelled.ts";

/** The longest name of a chain or target (XT_EXTENSION_MAXNAMELEN without its final NUL). */
export const maxNameLength = 28;

export const tooLong = (name: string): boolean => byteLength(name) > maxNameLength;

/** Refuses a name that `-N` does not take. Names that only other programs' extensions have are free. */
export function checkNewChainName(name: string, span: Span, announced: ReadonlySet<string>): void {
  if (tooLong(name)) {
    refuse("bad-value", `chain name \`${name}' too long (must be under 29 chars)`, span);
  }
  if (name.startsWith("-") || name.startsWith("!")) {
    refuse("bad-value", `chain name not allowed to start with \`${name[0]}'`, span);
  }
  const isTarget = targetsByName.has(name) || iptablesTargets.has(name);
  if (name === "" || (isTarget && !announced.has(name))) {
    refuse("bad-value", "chain name may not clash with target name", span);
  }
  if (/\s/.test(name)) refuse("bad-value", `Invalid chain name \`${name}'`, span);
}
