import type { Diagnostic, Source } from "../diagnostics/diagnostic.ts";
import { problem } from "../diagnostics/problem.ts";
import { type HereDocument, isExpanded } from "./here-document.ts";
import { type OffsetMap, SaveParser } from "./parse-save.ts";
import { type ExpansionProblem, expandText } from "./shell-expand.ts";
import { pieceEnd, Unclosed } from "./shell-scan.ts";
import type { ShellVariables } from "./shell-variables.ts";
import type { Node } from "./tree.ts";

/** Parses the here-document that iptables-restore reads: a save file in which variables may stand. */
export function parseBody(
  source: Source,
  document: HereDocument,
  variables: ShellVariables,
): { readonly nodes: readonly Node[]; readonly diagnostics: readonly Diagnostic[] } {
  const nodes: Node[] = [];
  const parser = new SaveParser(source, { take: (node) => nodes.push(node) });
  const { bodyStart, bodyEnd } = document;
  const expanded = isExpanded(document) && /[$`\\]/.test(source.text.slice(bodyStart, bodyEnd));
  if (!expanded && !document.stripTabs) parser.lines(bodyStart, bodyEnd);
  else {
    for (let start = bodyStart; start < bodyEnd; ) {
      start = deriveLine(source, start, document, expanded ? variables : undefined, parser, nodes);
    }
  }
  parser.finish();
  return { nodes, diagnostics: parser.diagnostics };
}

/** Reads the line at `start`, with variables replaced and tabs stripped; returns where the next one starts. */
function deriveLine(
  source: Source,
  start: number,
  document: HereDocument,
  variables: ShellVariables | undefined,
  parser: SaveParser,
  nodes: Node[],
): number {
  const { text } = source;
  const derived = new DerivedText();
  let fault: ExpansionProblem | undefined;
  let at = start;
  let lineStart = true;
  while (at < document.bodyEnd && text[at] !== "\n") {
    const char = text[at]!;
    if (lineStart && document.stripTabs && char === "\t") {
      at++;
      continue;
    }
    lineStart = false;
    let next = at + 1;
    if (variables === undefined || !/[$`\\]/.test(char)) derived.add(char, at, next);
    else if (/^\\\r?\n/.test(text.slice(at, at + 3))) {
      // joined lines: the tabs of the second one are stripped as well
      next = text.indexOf("\n", at) + 1;
      lineStart = true;
    } else {
      next = pieceEndWithin(text, at, document.bodyEnd);
      const { value, problem: found } = expandText(text, at, next, variables, "here-document");
      const message = `\`${text.slice(at, next)}\` holds several lines, which is not followed in a here-document`;
      if (value.includes("\n")) fault ??= { code: "shell-not-followed", start: at, end: next, message };
      fault ??= found;
      derived.add(value, at, next);
    }
    at = next;
  }
  const end = at < document.bodyEnd ? at + 1 : at;
  if (fault !== undefined) {
    parser.diagnostics.push(problem(source, fault.code, fault, fault.message));
    nodes.push({ kind: "error", span: { start, end } });
    return end;
  }
  parser.derivedLine(derived.text.replace(/\r$/, ""), { start, end }, derived.mapTo(at));
  return end;
}

/** In a here-document an unclosed `${` or backtick reaches no further than its own character. */
function pieceEndWithin(text: string, at: number, limit: number): number {
  try {
    const named = /^\$[A-Za-z_]\w*/.exec(text.slice(at, Math.min(at + 256, limit)));
    return named === null ? Math.min(pieceEnd(text, at), limit) : at + named[0].length;
  } catch (error) {
    if (error instanceof Unclosed) return at + 1;
    throw error;
  }
}

/** A text put together from pieces of a source, which knows where each character came from. */
class DerivedText {
  text = "";
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  add(value: string, start: number, end: number): void {
    this.text += value;
    for (let i = 0; i < value.length; i++) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  mapTo(lineEnd: number): OffsetMap {
    return {
      start: (at) => this.#starts[at] ?? lineEnd,
      end: (at) => (at === 0 ? (this.#starts[0] ?? lineEnd) : (this.#ends[at - 1] ?? lineEnd)),
    };
  }
}
