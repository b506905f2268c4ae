import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { pieceEnd, Unclosed } from "./shell-scan.ts";
import type { ShellVariables, UnknownValue } from "./shell-variables.ts";
import type { Word } from "./tree.ts";

/** Why a word cannot be known without running the script. */
export interface ExpansionProblem {
  readonly code: DiagnosticCode;
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export interface Expansion {
  readonly words: readonly Word[];
  readonly problem: ExpansionProblem | undefined;
}

/** The words that one shell word gives: none for an unquoted empty variable, several where one holds white space. */
export function expandWord(text: string, start: number, end: number, variables: ShellVariables): Expansion {
  const expander = new Expander(text, variables, "fields");
  expander.unquoted(start, end);
  return { words: expander.finish(), problem: expander.problem };
}

/** One text, as for an assignment (no splitting, no globbing) or a here-document's body (quotes stay). */
export function expandText(
  text: string,
  start: number,
  end: number,
  variables: ShellVariables,
  mode: "assignment" | "here-document",
): { readonly value: string; readonly problem: ExpansionProblem | undefined } {
  const expander = new Expander(text, variables, mode);
  if (mode === "assignment") expander.unquoted(start, end);
  else expander.doubleQuoted(start, end, false);
  return {
    value: expander
      .finish()
      .map((word) => word.text)
      .join(""),
    problem: expander.problem,
  };
}

const name = /^[A-Za-z_]\w*/;

type Mode = "fields" | "assignment" | "here-document";

class Expander {
  problem: ExpansionProblem | undefined;
  readonly #text: string;
  readonly #variables: ShellVariables;
  readonly #mode: Mode;
  readonly #words: Word[] = [];
  #field: { text: string; start: number; end: number; quoted: boolean } | undefined;

  constructor(text: string, variables: ShellVariables, mode: Mode) {
    this.#text = text;
    this.#variables = variables;
    this.#mode = mode;
  }

  finish(): readonly Word[] {
    this.#endField();
    return this.#words;
  }

  unquoted(start: number, end: number): void {
    for (let at = start; at < end; ) {
      const char = this.#text[at]!;
      const next = this.#pieceEnd(at, end);
      if (char === "'") this.#add(this.#text.slice(at + 1, next - 1), at, next, true);
      else if (char === '"') {
        this.#add("", at, at + 1, true);
        this.doubleQuoted(at + 1, next - 1, true);
        if (this.#field !== undefined) this.#field.end = next;
      } else if (char === "\\") this.#escape(at, next);
      else if (char === "$" || char === "`") at = this.#substitute(at, end, false);
      else {
        this.#literal(char, at, start, end);
        this.#add(char, at, next, false);
      }
      at = Math.max(at, next);
    }
  }

  /** Text in which only `$`, backtick and backslash mean something. */
  doubleQuoted(start: number, end: number, quoted: boolean): void {
    for (let at = start; at < end; ) {
      const char = this.#text[at]!;
      if (char === "\\" && at + 1 < end) {
        const next = this.#text[at + 1]!;
        if (next !== "\n") {
          const escapes = next === "$" || next === "`" || next === "\\" || (next === '"' && quoted);
          this.#add(escapes ? next : `\\${next}`, at, at + 2, quoted);
        }
        at += 2;
      } else if (char === "$" || char === "`") at = this.#substitute(at, end, true);
      else {
        this.#add(char, at, at + 1, quoted);
        at++;
      }
    }
  }

  #escape(at: number, next: number): void {
    const escaped = this.#text.slice(at + 1, next);
    // a backslash before a line end joins the lines
    if (escaped !== "\n" && !(escaped === "\r" && this.#text[next] === "\n"))
      this.#add(escaped, at, next, true);
  }

  /** File names that the shell would put in place of a pattern depend on the disk. */
  #literal(char: string, at: number, start: number, end: number): void {
    if (this.#mode !== "fields") return;
    const rest = this.#text.slice(at, end);
    // `[…]` is a pattern, too, but nobody has files that `[2001:db8::1]:80` matches, and other words a shell leaves alone
    if (char === "*" || char === "?") {
      this.#fail("shell-not-followed", at, at + 1, `an unquoted \`${char}\` may become names of files`);
    } else if (char === "{" && /^\{[^}]*(,|\.\.)[^}]*\}/.test(rest)) {
      this.#fail(
        "shell-not-followed",
        at,
        at + 1,
        "braces mean one word or several, as the shell is sh or bash",
      );
    } else if (char === "~" && at === start) {
      this.#fail("shell-not-followed", at, at + 1, "`~` is a home directory that is not known");
    }
  }

  /** Puts in what `$…` or a backtick at `at` stands for; returns the offset behind it. */
  #substitute(at: number, limit: number, quoted: boolean): number {
    const text = this.#text;
    const end = this.#pieceEnd(at, limit);
    if (text[at] === "`") return this.#command(text.slice(at + 1, end - 1), at, end, quoted);
    const next = text[at + 1];
    if (at + 1 >= limit || next === undefined) return this.#plainDollar(at, quoted);
    if (next === "(") {
      if (text[at + 2] === "(") {
        return this.#fail("shell-not-followed", at, end, "arithmetic is not followed");
      }
      return this.#command(text.slice(at + 2, end - 1), at, end, quoted);
    }
    if (next === "{") return this.#braced(at, end, quoted);
    const named = name.exec(text.slice(at + 1, limit));
    if (named !== null) {
      const stop = at + 1 + named[0].length;
      this.#variable(named[0], at, stop, quoted);
      return stop;
    }
    if (/[0-9@*#?$!-]/.test(next)) {
      return this.#fail("shell-not-followed", at, at + 2, `\`$${next}\` is known only when the script runs`);
    }
    if (!quoted && (next === "'" || next === '"')) {
      return this.#fail("shell-not-followed", at, at + 1, `\`$${next}\` is not the same in every shell`);
    }
    return this.#plainDollar(at, quoted);
  }

  #plainDollar(at: number, quoted: boolean): number {
    this.#add("$", at, at + 1, quoted);
    return at + 1;
  }

  /** `${NAME}`, with a fallback where one is given. */
  #braced(at: number, end: number, quoted: boolean): number {
    const inner = /^([A-Za-z_]\w*)(?:(:?[-+=?])([\s\S]*))?$/.exec(this.#text.slice(at + 2, end - 1));
    if (inner === null) {
      return this.#fail("shell-not-followed", at, end, "this form of expansion is not followed");
    }
    const [, variable, operator, argument] = inner as unknown as [string, string, string?, string?];
    if (operator === undefined || argument === undefined) {
      this.#variable(variable, at, end, quoted);
      return end;
    }
    const value = this.#variables.get(variable);
    const isSet = value !== undefined && !(operator.startsWith(":") && value === "");
    const kind = operator.at(-1);
    if (kind === "+" ? !isSet : isSet) {
      if (kind === "+") this.#add("", at, end, quoted);
      else this.#variable(variable, at, end, quoted);
      return end;
    }
    if (kind === "?") return this.#fail("undefined-variable", at, end, `\`${variable}\` is not set`);
    const from = end - 1 - argument.length;
    if (kind === "=") {
      const assigned = expandText(this.#text, from, end - 1, this.#variables, "assignment");
      if (assigned.problem === undefined) this.#variables.set(variable, assigned.value);
    }
    if (quoted) this.doubleQuoted(from, end - 1, true);
    else this.#fallback(from, end - 1);
    return end;
  }

  /** An unquoted fallback is split as a variable's value is. */
  #fallback(from: number, to: number): void {
    let start = from;
    for (let at = from; at < to; ) {
      if (this.#mode === "fields" && /\s/.test(this.#text[at]!)) {
        this.unquoted(start, at);
        this.#endField();
        start = ++at;
      } else at = this.#pieceEnd(at, to);
    }
    this.unquoted(start, to);
  }

  #variable(variable: string, start: number, end: number, quoted: boolean): void {
    const value = this.#variables.get(variable);
    if (value === undefined) {
      const perhaps = this.#variables.sourced ? "; a file that it sources may" : "";
      this.#fail("undefined-variable", start, end, `the script does not set \`${variable}\`${perhaps}`);
    } else if (typeof value !== "string") this.#unknown(variable, value, start, end);
    else if (quoted || this.#mode !== "fields") this.#add(value, start, end, quoted);
    else this.#split(value, start, end);
  }

  #unknown(variable: string, value: UnknownValue, start: number, end: number): void {
    this.#fail(value.code, start, end, `\`$${variable}\` is ${value.why}`);
  }

  /** Field splitting (2.6.5) by the default IFS, and the patterns that pathname expansion would take. */
  #split(value: string, start: number, end: number): void {
    if (/[*?]/.test(value)) {
      this.#fail("shell-not-followed", start, end, "an unquoted pattern may become names of files");
    }
    const parts = value.split(/[ \t\n]+/);
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.#endField();
      if (part !== "") this.#add(part, start, end, false);
    }
  }

  /** Of commands in `$(…)` only those that look a program up are foreseeable. */
  #command(command: string, start: number, end: number, quoted: boolean): number {
    const lookup = /^\s*(?:which|command\s+-v|type\s+-p)\s+([\w./-]+)\s*(?:2>\s*\/dev\/null\s*)?$/.exec(
      command,
    );
    if (lookup === null) {
      return this.#fail(
        "shell-not-followed",
        start,
        end,
        "what a command prints is known only when the script runs",
      );
    }
    this.#add(lookup[1]!, start, end, quoted);
    return end;
  }

  #add(piece: string, start: number, end: number, quoted: boolean): void {
    if (this.#field === undefined) this.#field = { text: piece, start, end, quoted };
    else {
      this.#field.text += piece;
      this.#field.end = end;
      this.#field.quoted ||= quoted;
    }
  }

  #endField(): void {
    if (this.#field === undefined) return;
    const { text, start, end, quoted } = this.#field;
    if (text !== "" || quoted) this.#words.push({ text, span: { start, end }, quoted });
    this.#field = undefined;
  }

  /** Words are whole when they come here, but a here-document's text may open what it does not close. */
  #pieceEnd(at: number, limit: number): number {
    try {
      return Math.min(pieceEnd(this.#text, at), limit);
    } catch (error) {
      if (!(error instanceof Unclosed)) throw error;
      this.#fail(
        "syntax-error",
        at,
        Math.min(at + error.opener.length, limit),
        `\`${error.opener}\` is not closed`,
      );
      return limit;
    }
  }

  #fail(code: DiagnosticCode, start: number, end: number, message: string): number {
    this.problem ??= { code, start, end, message };
    return end;
  }
}
