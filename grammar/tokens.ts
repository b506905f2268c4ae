import { createToken, Lexer, type TokenType } from "chevrotain";

/**
 * The tokens of one line. Our own lexers (src/syntax) make them: iptables-restore and the shell cut words by rules of
 * their own, and there is deliberately one token for every option, because what an option is only the extensions know.
 */
const token = (name: string, label: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, label, pattern: Lexer.NA, categories });

/** Any word of a command line. */
export const Argument = token("Argument", "argument");
/** A word that starts with a dash: a command or an option. */
export const Flag = token("Flag", "flag", [Argument]);
/** A word that is exactly `!`, quoted or not. */
export const Bang = token("Bang", "'!'", [Argument]);
/** Any other word. */
export const Text = token("Text", "text", [Argument]);

/** `*` at the start of a line. */
export const TableMark = token("TableMark", "'*'");
/** `:` at the start of a line. */
export const ChainMark = token("ChainMark", "':'");
/** `[packets:bytes]`. */
export const Counters = token("Counters", "'[packets:bytes]'");
/** A word of a table or chain line; quotes mean nothing there. */
export const Name = token("Name", "name");
export const Commit = token("Commit", "'COMMIT'");
export const Comment = token("Comment", "comment");

/** A shell word before its quotes and variables are read. */
export const ShellWord = token("ShellWord", "word");
/** `NAME=value` where the shell takes it for an assignment. */
export const Assignment = token("Assignment", "NAME=value");
/** `>`, `2>>`, `<`, `<<`, `<<-` …, with the number before it. */
export const Redirection = token("Redirection", "redirection");
/** The shell's `!` before a pipeline. */
export const Not = token("Not", "'!'");
export const Pipe = token("Pipe", "'|'");
export const AndIf = token("AndIf", "'&&'");
export const OrIf = token("OrIf", "'||'");
/** `;`, `&` or the end of the line. */
export const Separator = token("Separator", "';'");

export const lineTokens: readonly TokenType[] = [
  Argument,
  Flag,
  Bang,
  Text,
  TableMark,
  ChainMark,
  Counters,
  Name,
  Commit,
  Comment,
  ShellWord,
  Assignment,
  Redirection,
  Not,
  Pipe,
  AndIf,
  OrIf,
  Separator,
];
