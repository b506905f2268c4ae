import type { DiagnosticCode } from "./codes.ts";
import type { Diagnostic, Severity, Source, Span } from "./diagnostic.ts";

/** Makes a diagnostic; an error without notes unless told. */
export function problem(
  source: Source,
  code: DiagnosticCode,
  span: Span,
  message: string,
  more: { readonly severity?: Severity; readonly notes?: readonly string[]; readonly help?: string } = {},
): Diagnostic {
  const { severity = "error", notes = [], help } = more;
  const diagnostic = { code, severity, message, source, span, notes };
  return help === undefined ? diagnostic : { ...diagnostic, help };
}
