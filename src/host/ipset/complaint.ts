import type { Span } from "../../diagnostics/diagnostic.ts";

/** Carries what is wrong with one line out of its reading; `parseIpsets` turns it into a diagnostic. */
export class Complaint {
  /** ipset's own words, or the kernel's by way of ipset, where it has some. */
  readonly message: string;
  readonly help: string | undefined;
  /** Where the fault lies; the whole line where it is absent. */
  readonly span: Span | undefined;

  constructor(message: string, span?: Span, help?: string) {
    this.message = message;
    this.span = span;
    this.help = help;
  }
}

export function complain(message: string, span?: Span, help?: string): never {
  throw new Complaint(message, span, help);
}
