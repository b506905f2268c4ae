import { lineParser, type Pipeline, type SimpleCommand } from "../../grammar/line-parser.ts";
import type { LineToken } from "../../grammar/line-token.ts";
import * as token from "../../grammar/tokens.ts";
import type { Diagnostic, Source, Span } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import { clipped } from "../diagnostics/visible-text.ts";
import type { Parsed } from "./parse-save.ts";
import { blockEffects, replaceKnown } from "./script-block.ts";
import { ScriptCommands, type Status } from "./script-commands.ts";
import { nextStatement, type Statement } from "./shell-lexer.ts";
import type { Node } from "./tree.ts";

/** Parses a shell script: the iptables commands that it runs for certain, in order; the rest stays as text. */
export function parseScript(source: Source): Parsed {
  const nodes: Node[] = [];
  const diagnostics = readScript(source, (node) => nodes.push(node));
  return { tree: { source, form: "script", nodes }, diagnostics };
}

/** Hands a script's nodes on one by one, so that no tree of it need be kept, and gives what is wrong with them. */
export function readScript(source: Source, take: (node: Node) => void): readonly Diagnostic[] {
  const parser = new ScriptParser(source, take);
  parser.run();
  return parser.diagnostics;
}

class ScriptParser {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Source;
  readonly #take: (node: Node) => void;
  readonly #commands: ScriptCommands;

  constructor(source: Source, take: (node: Node) => void) {
    this.#source = source;
    this.#take = take;
    this.#commands = new ScriptCommands(source, this.diagnostics);
  }

  run(): void {
    const { text } = this.#source;
    for (let at = 0; at < text.length; ) {
      const statement = nextStatement(text, at);
      if (this.#commands.ended !== undefined) {
        this.#unreached({ start: at, end: text.length }, statement);
        return;
      }
      this.#statement(statement);
      at = statement.end;
    }
  }

  #statement(statement: Statement): void {
    const { tokens, fault, start, end } = statement;
    const span = { start, end };
    if (fault !== undefined) {
      this.diagnostics.push(problem(this.#source, "syntax-error", fault, fault.message));
      this.#take({ kind: "error", span });
    } else if (tokens.length === 0) this.#take({ kind: "blank", span });
    else if (tokens[0]!.tokenType === token.Comment) this.#take({ kind: "comment", span });
    else if (statement.block !== undefined) this.#block(statement, statement.block);
    else this.#list(statement);
  }

  /** A statement with a loop, branch, group or function in it is one node, and one diagnostic if iptables is called in it. */
  #block(statement: Statement, block: NonNullable<Statement["block"]>): void {
    const span = { start: statement.start, end: statement.end };
    // of a function only the body counts
    const header = block.functionName === undefined ? 0 : block.opener.text === "function" ? 2 : 1;
    const body = statement.tokens.slice(header);
    const effects = blockEffects(this.#source.text, body, this.#commands.variables, (name) =>
      this.#commands.changesRules(name),
    );
    if (block.functionName !== undefined) {
      this.#commands.functions.set(block.functionName, effects);
      this.#take({ kind: "other", span });
      return;
    }
    const { opener } = block;
    this.#commands.forget(effects.assigns, `set in a \`${opener.text}\` that is not followed`);
    if (!effects.changesRules) {
      this.#take({ kind: "other", span });
      return;
    }
    const message = `\`${opener.text}\` is not followed, so none of the iptables commands in it count`;
    this.diagnostics.push(
      problem(this.#source, "shell-not-followed", opener.span, message, {
        help: "run the script on a host and give netverdict the output of `iptables-save`",
      }),
    );
    this.#take({ kind: "error", span });
  }

  /** Pipelines joined by `&&`, `||` and `;`: a node for each. */
  #list(statement: Statement): void {
    const { tokens } = statement;
    if (tokens.at(-1)?.tokenType === token.Separator) tokens.pop();
    const parsed = plainList(tokens) ?? parseList(tokens);
    if (parsed.faultAt !== undefined) {
      const found = tokens.find(({ start }) => start === parsed.faultAt);
      const message =
        found === undefined
          ? "the command ends too early"
          : `\`${clipped(found.text)}\` stands where a command is expected`;
      const place = (found ?? tokens.at(-1)!).span;
      this.diagnostics.push(problem(this.#source, "syntax-error", place, message));
      this.#take({ kind: "error", span: { start: statement.start, end: statement.end } });
      return;
    }
    let status: Status = "success";
    for (const [index, pipeline] of parsed.pipelines.entries()) {
      const start = index === 0 ? statement.start : pipelineStart(pipeline);
      const next = parsed.pipelines[index + 1];
      const span = { start, end: next === undefined ? statement.end : pipelineStart(next) };
      status = this.#pipeline(pipeline, span, status, statement);
    }
  }

  #pipeline(pipeline: Pipeline, span: Span, before: Status, statement: Statement): Status {
    const runsOn: Status = pipeline.joint === "or" ? "failure" : "success";
    if (pipeline.joint !== "always" && before !== "unknown" && before !== runsOn) {
      this.#take({ kind: "other", span });
      return before;
    }
    const certain = pipeline.joint === "always" || before === runsOn;
    const result = this.#commands.pipeline(pipeline, span, statement.hereDocuments, certain);
    this.#take(result.node);
    if (!certain || result.status === "unknown") return "unknown";
    if (!pipeline.negated) return result.status;
    return result.status === "success" ? "failure" : "success";
  }

  /** What follows a certain `exit` or `exec`. */
  #unreached(span: Span, first: Statement): void {
    const rest = this.#source.text.slice(span.start);
    const mentioned = /\bip6?tables\b/.test(
      replaceKnown(rest.replace(/^\s*#.*$/gm, ""), this.#commands.variables),
    );
    if (mentioned) {
      const place = first.tokens[0]?.span ?? { start: span.start, end: span.start + 1 };
      const message = `nothing from here on is run: the script ends with \`${this.#commands.ended}\``;
      this.diagnostics.push(
        problem(this.#source, "shell-not-followed", place, message, { severity: "warning" }),
      );
    }
    this.#take({ kind: mentioned ? "error" : "other", span });
  }
}

function pipelineStart(pipeline: Pipeline): number {
  const { assignments, words, redirections } = pipeline.commands[0] as SimpleCommand;
  const first = [assignments[0], words[0], redirections[0]?.operator].map((part) => part?.start ?? Infinity);
  return Math.min(...first);
}

interface ParsedList {
  readonly pipelines: readonly Pipeline[];
  /** Where a statement is wrong: the offset of the token at which the grammar gives up, NaN for the statement's end. */
  readonly faultAt?: number;
}

/** What the grammar makes of a statement. */
export function parseList(tokens: LineToken[]): ParsedList {
  const parser = lineParser();
  parser.input = tokens;
  const pipelines = parser.statement();
  const error = parser.errors[0];
  return error === undefined ? { pipelines } : { pipelines, faultAt: error.token.startOffset };
}

/** The same of a statement of nothing but words, as most are; `undefined` for any other. */
export function plainList(tokens: readonly LineToken[]): ParsedList | undefined {
  if (tokens.length === 0) return undefined;
  for (const { tokenTypeIdx } of tokens) if (tokenTypeIdx !== token.ShellWord.tokenTypeIdx) return undefined;
  const command = { assignments: [], words: [...tokens], redirections: [] };
  return { pipelines: [{ joint: "always", negated: false, commands: [command] }] };
}
