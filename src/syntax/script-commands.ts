import type { Pipeline, SimpleCommand } from "../../grammar/line-parser.ts";
import type { LineToken } from "../../grammar/line-token.ts";
import type { Diagnostic, Source, Span } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import { clipped } from "../diagnostics/visible-text.ts";
import type { HereDocument } from "./here-document.ts";
import { parseBody } from "./restore-body.ts";
import { assignedName, type BlockEffects, looksLikeRule, replaceKnown } from "./script-block.ts";
import { type ExpansionProblem, expandText, expandWord } from "./shell-expand.ts";
import { type Call, callOf, isIptables, mentionsIptables, type Program } from "./shell-program.ts";
import { plainEnd } from "./shell-scan.ts";
import { ShellVariables, type UnknownValue } from "./shell-variables.ts";
import type { Node, Word } from "./tree.ts";

export type Status = "success" | "failure" | "unknown";

interface Result {
  readonly node: Node;
  readonly status: Status;
}

type Fault = Pick<ExpansionProblem, "code" | "message"> & Span & { readonly help?: string };

const succeeding = new Set([
  "echo",
  "printf",
  "true",
  ":",
  "set",
  "export",
  "readonly",
  "declare",
  "typeset",
  "umask",
]);
const declaring = new Set(["export", "readonly", "declare", "typeset", "local"]);
/** Commands of iptables whose outcome a script asks for; the others are assumed to succeed. */
const asks = /^(?:-[a-z0-9]*[CLS]|--(?:check|list|list-rules))$/;

/** Runs simple commands in the head: keeps variables and functions, and turns calls of iptables into nodes. */
export class ScriptCommands {
  readonly variables = new ShellVariables();
  readonly functions = new Map<string, BlockEffects>();
  /** The command that ended the script. */
  ended: string | undefined;
  readonly #source: Source;
  readonly #diagnostics: Diagnostic[];

  constructor(source: Source, diagnostics: Diagnostic[]) {
    this.#source = source;
    this.#diagnostics = diagnostics;
  }

  changesRules(name: string): boolean {
    return this.functions.get(name)?.changesRules === true;
  }

  forget(names: readonly string[], why: string): void {
    for (const name of names) this.variables.set(name, { code: "shell-not-followed", why });
  }

  /** `certain`: false where only running the script tells whether the pipeline runs. */
  pipeline(pipeline: Pipeline, span: Span, documents: readonly HereDocument[], certain: boolean): Result {
    const piped = pipeline.commands.length > 1;
    const known = this.#diagnostics.length;
    let node: Node = { kind: "other", span };
    let status: Status = "unknown";
    for (const command of pipeline.commands) {
      const result = this.#command(command, span, documents, { certain, piped });
      if (result.node.kind === "error") return this.#alone(result, known);
      if (result.node.kind !== "other") {
        if (node.kind !== "other") {
          const place = (command.words[0] ?? command.assignments[0]!).span;
          const message = "two iptables commands that run at the same time are not followed";
          return this.#alone(this.#refuse(span, { code: "shell-not-followed", ...place, message }), known);
        }
        node = result.node;
      }
      status = piped ? "unknown" : result.status;
    }
    return { node, status };
  }

  /** A refused pipeline has one diagnostic: those of an iptables-restore earlier in it, from `known` on, go. */
  #alone(refused: Result, known: number): Result {
    this.#diagnostics.splice(known, this.#diagnostics.length - known - 1);
    return refused;
  }

  #command(
    command: SimpleCommand,
    span: Span,
    documents: readonly HereDocument[],
    how: { readonly certain: boolean; readonly piped: boolean },
  ): Result {
    const hidden = this.#hiddenCall(command);
    if (hidden !== undefined) return this.#refuse(span, hidden);
    if (command.words.length === 0) {
      for (const token of command.assignments) this.#assign(token, how.certain && !how.piped);
      return { node: { kind: "other", span }, status: "success" };
    }
    const expanded = this.#expand(command.words);
    if (expanded.problem !== undefined) {
      const isRule = expanded.program
        ? expanded.isCall
        : looksLikeRule(command.words.slice(1).map(({ text }) => text));
      return isRule
        ? this.#refuse(span, expanded.problem)
        : { node: { kind: "other", span }, status: "unknown" };
    }
    if (expanded.words.length === 0) return { node: { kind: "other", span }, status: "success" };
    const call = callOf(expanded.words);
    if (call.kind !== "iptables") return this.#other(call, command, span, how.certain && !how.piped);
    if (call.call.kind === "save") return { node: { kind: "other", span }, status: "success" };
    const place = { start: command.words[0]!.start, end: command.words.at(-1)!.end };
    if (!how.certain) {
      const message = "whether this runs depends on the outcome of the command before it";
      return this.#refuse(span, { code: "shell-not-followed", ...place, message });
    }
    if (expanded.words[0]!.text === "exec") this.ended = "exec";
    return call.call.kind === "restore"
      ? this.#restore(call.call, command, documents, span, place)
      : this.#iptables(call.call, span);
  }

  #iptables({ program, words }: Program, span: Span): Result {
    const status = words.some(({ text }) => asks.test(text)) ? "unknown" : "success";
    return { node: { kind: "command", span, program, words }, status };
  }

  #restore(
    { program, words }: Program,
    command: SimpleCommand,
    documents: readonly HereDocument[],
    span: Span,
    place: Span,
  ): Result {
    const code = "shell-not-followed";
    const input = command.redirections.findLast(({ operator }) => /^\d*<|^<>/.test(operator.text));
    const document = documents.find(({ operator }) => operator === input?.operator);
    if (document === undefined) {
      const from =
        input === undefined
          ? "what it reads is not in the script"
          : `\`${clipped(input.target.text)}\` is not in the script`;
      const help = "give netverdict the file itself";
      return this.#refuse(span, {
        code,
        ...place,
        message: `iptables-restore is not followed: ${from}`,
        help,
      });
    }
    if (!document.closed) {
      const message = `the here-document has no line \`${clipped(document.delimiter.text)}\` that ends it`;
      return this.#refuse(span, { code: "syntax-error", ...document.operator.span, message });
    }
    const { nodes: body, diagnostics } = parseBody(this.#source, document, this.variables);
    this.#diagnostics.push(...diagnostics);
    return { node: { kind: "restore", span, program, words, body }, status: "success" };
  }

  /** Everything that is not iptables: it matters where it sets variables, ends the script or may call iptables after all. */
  #other(
    call: Exclude<Call, { kind: "iptables" }>,
    command: SimpleCommand,
    span: Span,
    certain: boolean,
  ): Result {
    const { name, words } = call;
    const node: Node = { kind: "other", span };
    const place = command.words[0]!.span;
    const effects = this.functions.get(name);
    const runsWords = call.kind === "indirect" || effects !== undefined;
    const given = words.find(({ text }) => isIptables(text) || mentionsIptables(text));
    if (effects?.changesRules || (runsWords && given !== undefined)) {
      const message = `what \`${clipped(name)}\` runs is not followed, so the iptables commands in it do not count`;
      return this.#refuse(span, { code: "shell-not-followed", ...place, message });
    }
    if (effects !== undefined) this.forget(effects.assigns, `set by the function \`${name}\``);
    if (declaring.has(name)) for (const token of command.words.slice(1)) this.#assign(token, certain);
    else if (name === "unset") for (const { text } of words) this.#unset(text, certain);
    else if (name === "read" || name === "mapfile") {
      this.forget(
        words.filter(({ text }) => /^\w+$/.test(text)).map(({ text }) => text),
        "read when the script runs",
      );
    } else if (name === "." || name === "source") this.variables.sourced = true;
    else if (certain && (name === "exit" || (name === "exec" && words.length > 0))) this.ended = name;
    const status = succeeding.has(name) ? "success" : name === "false" ? "failure" : "unknown";
    return { node, status };
  }

  #unset(name: string, certain: boolean): void {
    if (certain) this.variables.unset(name);
    else this.forget([name], "unset perhaps, depending on the outcome of a command");
  }

  #assign(token: LineToken, certain: boolean): void {
    const { text } = this.#source;
    const raw = text.slice(token.start, token.end);
    const name = assignedName(raw);
    const operator = /^\+?=/.exec(raw.slice(name.length))?.[0];
    if (name === "" || operator === undefined) return;
    const from = token.start + name.length + operator.length;
    if (!certain) this.forget([name], "set perhaps, depending on the outcome of a command");
    else if (text[from] === "(") this.forget([name], "an array, which is not followed");
    else this.variables.set(name, this.#assigned(name, from, token.end, operator === "+="));
  }

  #assigned(name: string, from: number, end: number, appends: boolean): string | UnknownValue {
    const { value, problem: found } = expandText(this.#source.text, from, end, this.variables, "assignment");
    if (found !== undefined) {
      return { code: found.code, why: `set to a value that is not known: ${found.message}` };
    }
    const before = appends ? (this.variables.get(name) ?? "") : "";
    return typeof before === "string" ? before + value : before;
  }

  /** The words of a command, and on a problem in one of them whether the others make it a call of iptables. */
  #expand(tokens: readonly LineToken[]): {
    readonly words: readonly Word[];
    readonly problem: ExpansionProblem | undefined;
    readonly program: boolean;
    readonly isCall: boolean;
  } {
    const words: Word[] = [];
    let found: ExpansionProblem | undefined;
    let program = true;
    for (const [index, token] of tokens.entries()) {
      const { start, end } = token;
      if (plainEnd(this.#source.text, start) === end) {
        words.push(token);
        continue;
      }
      const expansion = expandWord(this.#source.text, start, end, this.variables);
      if (index === 0 && expansion.problem !== undefined) program = false;
      found ??= expansion.problem;
      words.push(...expansion.words);
    }
    const call = found !== undefined && words.length > 0 ? callOf(words) : undefined;
    const isCall = call?.kind === "iptables" && call.call.kind !== "save";
    return { words, problem: found, program, isCall };
  }

  /** `X=$(iptables -A …)`, `echo "$(iptables …)"`: iptables called where its output is taken. */
  #hiddenCall(command: SimpleCommand): Fault | undefined {
    const targets = command.redirections.map(({ target }) => target);
    for (const { start, end } of [...command.assignments, ...command.words, ...targets]) {
      if (plainEnd(this.#source.text, start) === end) continue;
      const raw = this.#source.text.slice(start, end);
      if (
        /[$<>]\(|`/.test(raw) &&
        !raw.startsWith("'") &&
        mentionsIptables(replaceKnown(raw, this.variables))
      ) {
        const message = "iptables is called in a substitution, which is not followed";
        return { code: "shell-not-followed", start, end, message };
      }
    }
    return undefined;
  }

  #refuse(span: Span, { code, start, end, message, help }: Fault): Result {
    this.#diagnostics.push(
      problem(this.#source, code, { start, end }, message, help === undefined ? {} : { help }),
    );
    return { node: { kind: "error", span }, status: "success" };
  }
}
