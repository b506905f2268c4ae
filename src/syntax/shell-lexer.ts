import { LineToken } from "../../grammar/line-token.ts";
import * as token from "../../grammar/tokens.ts";
import { type HereDocument, readHereDocuments } from "./here-document.ts";
import { parenthesisEnd, plainEnd, Unclosed, wordEnd } from "./shell-scan.ts";

/** A stretch of a script up to a `;` or line end that no quote, block or operator carries further. */
export interface Statement {
  readonly tokens: LineToken[];
  readonly hereDocuments: HereDocument[];
  readonly start: number;
  end: number;
  /** The word that opens the block in it (`if`, `for`, `{`, `(` …), and of a function definition its name. */
  block: { readonly opener: LineToken; readonly functionName: string | undefined } | undefined;
  fault: { readonly start: number; readonly end: number; readonly message: string } | undefined;
}

const closers: Readonly<Record<string, string>> = {
  if: "fi",
  for: "done",
  while: "done",
  until: "done",
  select: "done",
  case: "esac",
  "{": "}",
};
const closing = new Set(["fi", "done", "esac", "}"]);
/** Reserved words behind which a command starts. */
const continuing = new Set(["then", "else", "elif", "do", "in"]);
const assignment = /^[A-Za-z_]\w*\+?=/;

/** Reads the statement that starts at `start`, which is before the text's end. */
export function nextStatement(text: string, start: number): Statement {
  const lexer = new StatementLexer(text, start);
  try {
    lexer.run();
  } catch (error) {
    if (!(error instanceof Unclosed)) throw error;
    const lineEnd = text.indexOf("\n", error.offset);
    const { statement } = lexer;
    statement.end = lineEnd === -1 ? text.length : lineEnd + 1;
    const place = { start: error.offset, end: error.offset + error.opener.length };
    statement.fault = { ...place, message: `\`${error.opener}\` is not closed` };
  }
  return lexer.statement;
}

class StatementLexer {
  readonly statement: Statement;
  readonly #text: string;
  #at: number;
  /** True where the next word is a command's first one. */
  #commandStart = true;
  /** Blocks that are open: what closes each and the word that opened it. */
  readonly #open: { readonly closer: string; readonly opener: LineToken }[] = [];
  #pending: HereDocument[] = [];

  constructor(text: string, start: number) {
    this.#text = text;
    this.#at = start;
    this.statement = {
      tokens: [],
      hereDocuments: [],
      start,
      end: start,
      block: undefined,
      fault: undefined,
    };
  }

  run(): void {
    while (this.#at < this.#text.length && !this.#step()) {
      // each step takes at least one character
    }
    this.#finishHereDocuments();
    this.statement.end = this.#at;
    const left = this.#open.at(-1);
    if (left !== undefined) {
      const { opener, closer } = left;
      this.#fault(opener, `\`${opener.text}\` without its \`${closer}\``);
    }
  }

  /** Takes what comes next; true where the statement ends behind it. */
  #step(): boolean {
    const text = this.#text;
    if (plainEnd(text, this.#at) > this.#at) return this.#word();
    const char = text[this.#at]!;
    if (char === " " || char === "\t" || (char === "\r" && text[this.#at + 1] === "\n")) {
      this.#at++;
      return false;
    }
    if (char === "\\" && /^\\\r?\n/.test(text.slice(this.#at, this.#at + 3))) {
      this.#at = text.indexOf("\n", this.#at) + 1;
      return false;
    }
    if (char === "\n") return this.#lineEnd();
    if (char === "#") return this.#comment();
    if (char === "<" || char === ">") return this.#redirection(this.#at);
    if (char === "&" && text[this.#at + 1] === ">") return this.#redirection(this.#at);
    if (char === ";" || char === "&" || char === "|") return this.#operator();
    if (char === "(") return this.#parenthesis();
    if (char === ")") return this.#closeParenthesis();
    return this.#word();
  }

  #lineEnd(): boolean {
    this.#at++;
    this.#finishHereDocuments();
    const last = this.statement.tokens.at(-1)?.tokenType;
    if (last === token.AndIf || last === token.OrIf || last === token.Pipe) return false;
    if (this.#open.length === 0 && !this.#awaitsBody()) return true;
    this.#separate(this.#at - 1);
    return false;
  }

  /** `name()` whose body stands on the next line. */
  #awaitsBody(): boolean {
    return this.statement.block?.functionName !== undefined && this.statement.tokens.length <= 2;
  }

  #comment(): boolean {
    const start = this.#at;
    let end = this.#text.indexOf("\n", start);
    if (end === -1) end = this.#text.length;
    this.#at = end;
    // a comment between the parts of a longer statement is no token: it may stand anywhere
    if (this.statement.tokens.length === 0) this.#push(token.Comment, start, end);
    return false;
  }

  #operator(): boolean {
    const text = this.#text;
    const start = this.#at;
    const two = text.slice(start, start + 2);
    if (two === "&&" || two === "||") {
      this.#push(two === "&&" ? token.AndIf : token.OrIf, start, start + 2);
      this.#commandStart = true;
      return false;
    }
    if (text[start] === "|") {
      this.#push(token.Pipe, start, two === "|&" ? start + 2 : start + 1);
      this.#commandStart = true;
      return false;
    }
    const length = two === ";;" ? 2 : 1;
    this.#at = start + length;
    if (this.#open.length === 0 && this.#pending.length === 0) {
      if (this.statement.tokens.length === 0) {
        const place = { start, end: start + length };
        this.statement.fault = {
          ...place,
          message: `\`${text.slice(start, start + length)}\` without a command before it`,
        };
      }
      this.#at = restOfBlankLine(text, this.#at);
      return true;
    }
    this.#separate(start);
    return false;
  }

  #separate(start: number): void {
    const { tokens } = this.statement;
    if (tokens.length > 0 && tokens.at(-1)?.tokenType !== token.Separator) {
      tokens.push(new LineToken(token.Separator, ";", start, start + 1));
    }
    this.#commandStart = true;
  }

  #redirection(start: number): boolean {
    const [operator] = /^(?:&>>?|<<<|<<-?|<>|<&|>>|>&|>\||<|>)/.exec(
      this.#text.slice(this.#at, this.#at + 3),
    )!;
    this.#at += operator.length;
    const operatorToken = this.#push(token.Redirection, start, this.#at, operator);
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at++;
    const end = wordEnd(this.#text, this.#at);
    if (end === this.#at) {
      // a process substitution `< <(…)`, `>(…)`, or nothing at all
      if (this.#text[this.#at] !== "(" && !/^[<>]\(/.test(this.#text.slice(this.#at, this.#at + 2)))
        return false;
      const open = this.#text.indexOf("(", this.#at);
      this.#push(token.ShellWord, this.#at, parenthesisEnd(this.#text, open));
      return false;
    }
    const target = this.#push(token.ShellWord, this.#at, end);
    if (operator === "<<" || operator === "<<-") {
      const document = { operator: operatorToken, delimiter: target, stripTabs: operator === "<<-" };
      this.#pending.push({ ...document, bodyStart: end, bodyEnd: end, closed: false });
    }
    return false;
  }

  #finishHereDocuments(): void {
    if (this.#pending.length === 0) return;
    const read = readHereDocuments(this.#text, this.#at, this.#pending);
    this.statement.hereDocuments.push(...read.documents);
    this.#pending = [];
    this.#at = read.end;
  }

  #parenthesis(): boolean {
    const start = this.#at;
    const last = this.statement.tokens.at(-1);
    const isFunction = last?.tokenType === token.ShellWord && /^\([ \t]*\)/.test(this.#text.slice(start));
    if (isFunction) {
      this.#at = this.#text.indexOf(")", start) + 1;
      if (this.#open.length === 0 && this.statement.tokens.length <= 2) {
        this.statement.block = { opener: last, functionName: last.text };
      } else this.#separate(start);
      this.#commandStart = true;
      return false;
    }
    const opener = this.#push(token.ShellWord, start, start + 1);
    if (this.#open.at(-1)?.closer === "esac" && this.#commandStart) return false;
    this.#openBlock(opener, ")");
    return false;
  }

  #closeParenthesis(): boolean {
    const start = this.#at++;
    const closer = this.#open.at(-1)?.closer;
    if (closer === ")") this.#open.pop();
    else if (closer !== "esac") {
      this.statement.fault ??= { start, end: start + 1, message: "`)` without its `(`" };
    }
    this.#commandStart = closer === "esac";
    if (closer === "esac") this.#separate(start);
    return false;
  }

  #word(): boolean {
    const text = this.#text;
    const start = this.#at;
    let end = wordEnd(text, start);
    if (end === start) end = start + 1;
    const raw = text.slice(start, end);
    if ((text[end] === "<" || text[end] === ">") && /^\d+$/.test(raw)) {
      this.#at = end;
      return this.#redirection(start);
    }
    if (this.#commandStart && assignment.test(raw)) {
      if (text[end] === "(" && raw.endsWith("=")) end = parenthesisEnd(text, end);
      this.#push(token.Assignment, start, end);
      return false;
    }
    if (this.#commandStart && raw === "[[") {
      const close = /\]\](?=[\s;&|)]|$)/g;
      close.lastIndex = end;
      const found = close.exec(text);
      if (found === null) throw new Unclosed(start, "[[");
      end = found.index + 2;
    }
    if (this.#commandStart && raw === "!") {
      this.#push(token.Not, start, end);
      return false;
    }
    const word = this.#push(token.ShellWord, start, end);
    if (this.#commandStart || raw === "in") this.#reserved(word, raw);
    else if (this.#isFunctionName()) {
      this.statement.block = { opener: this.statement.tokens[0]!, functionName: raw };
      this.#commandStart = true;
    }
    return false;
  }

  /** `function name` */
  #isFunctionName(): boolean {
    return this.statement.tokens.length === 2 && this.statement.tokens[0]!.text === "function";
  }

  #reserved(word: LineToken, raw: string): void {
    const closer = closers[raw];
    this.#commandStart = false;
    if (closer !== undefined && raw !== "in") {
      this.#openBlock(word, closer);
      // `for` and `case` have a word behind them, the others a command
      this.#commandStart = raw !== "for" && raw !== "case" && raw !== "select";
    } else if (closing.has(raw)) {
      if (this.#open.at(-1)?.closer === raw) this.#open.pop();
      else this.#fault(word, `\`${raw}\` closes nothing`);
    } else if (continuing.has(raw)) {
      const top = this.#open.at(-1)?.closer;
      if (raw === "in") this.#commandStart = top === "esac";
      else if (top === undefined)
        this.#fault(word, `\`${raw}\` without its \`${raw === "do" ? "for" : "if"}\``);
      else this.#commandStart = true;
      if (this.#commandStart) this.#separate(word.end);
    }
  }

  #openBlock(opener: LineToken, closer: string): void {
    this.#open.push({ closer, opener });
    this.statement.block ??= { opener, functionName: undefined };
    this.#commandStart = true;
  }

  #fault(at: LineToken, message: string): void {
    this.statement.fault ??= { start: at.start, end: at.end, message };
  }

  #push(type: typeof token.ShellWord, start: number, end: number, text?: string): LineToken {
    const made = new LineToken(type, text ?? this.#text.slice(start, end), start, end);
    this.statement.tokens.push(made);
    this.#at = end;
    return made;
  }
}

/** Passes over white space and the line end where nothing else is left of the line. */
function restOfBlankLine(text: string, at: number): number {
  let end = at;
  while (text[end] === " " || text[end] === "\t" || text[end] === "\r") end++;
  if (end >= text.length) return text.length;
  return text[end] === "\n" ? end + 1 : at;
}
