import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Span } from "../diagnostics/diagnostic.ts";

/** Why one command is refused: the first fault, where iptables stops reading. */
export interface Refusal {
  readonly code: DiagnosticCode;
  /** iptables' own words without its name and version. */
  readonly message: string;
  /** Where the fault lies; the whole command where it is absent. */
  readonly span?: Span;
  readonly help?: string;
  readonly notes: readonly string[];
}

/** Carries a refusal out of the reading of one command. It never leaves `model/`: `refusable` turns it into a value. */
export class Refused {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}

/** Stops the command at hand. */
export function refuse(
  code: DiagnosticCode,
  message: string,
  span?: Span,
  help?: string,
  notes: readonly string[] = [],
): never {
  const optional = { ...(span === undefined ? {} : { span }), ...(help === undefined ? {} : { help }) };
  throw new Refused({ code, message, notes, ...optional });
}

export type Refusable<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** Runs a step that may refuse. */
export function refusable<T>(step: () => T): Refusable<T> {
  try {
    return { ok: true, value: step() };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
