import type { DiagnosticCode } from "../diagnostics/codes.ts";

/** A value that running the script would give and reading it does not. */
export interface UnknownValue {
  readonly code: DiagnosticCode;
  /** Ends the sentence "`$NAME` is …". */
  readonly why: string;
}

/** What a script's variables hold at one place of it. */
export class ShellVariables {
  readonly #values = new Map<string, string | UnknownValue>();
  /** True once a file was sourced that may set any variable. */
  sourced = false;

  get(name: string): string | UnknownValue | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: string | UnknownValue): void {
    this.#values.set(name, value);
  }

  unset(name: string): void {
    this.#values.delete(name);
  }
}
