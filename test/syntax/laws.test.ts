import { expect } from "chai";
import fc from "fast-check";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderDiagnostic } from "../../src/diagnostics/render.ts";
import { parseText } from "../../src/syntax/parse.ts";
import { type Parsed, parseSave } from "../../src/syntax/parse-save.ts";
import { parseScript } from "../../src/syntax/parse-script.ts";
import type { Node } from "../../src/syntax/tree.ts";
import { anyText } from "./any-text.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 2000);

/** Chai's `expect` would take most of the time of these many checks. */
function hold(holds: boolean, law: string): void {
  if (!holds) expect.fail(law);
}

/** Every offset belongs to one node, words stand inside theirs, and what is wrong with a node is said once. */
function checkLaws({ tree, diagnostics }: Parsed, text: string): void {
  checkNodes(tree.nodes, 0, text.length, diagnostics);
  for (const diagnostic of diagnostics) {
    const { start, end } = diagnostic.span;
    hold(
      0 <= start && start <= end && end <= text.length,
      `a diagnostic's place is outside of the text: ${start} ${end}`,
    );
    const rendered = renderDiagnostic(diagnostic);
    hold(/^any:\d+:\d+: (error|warning)\[[a-z-]+\]: ./.test(rendered), `odd diagnostic: ${rendered}`);
    hold(!/[^\P{Cc}\n]/u.test(rendered), "a control character reaches the terminal");
  }
}

function checkNodes(
  nodes: readonly Node[],
  start: number,
  end: number,
  diagnostics: readonly Diagnostic[],
): void {
  let at = start;
  for (const node of nodes) {
    const { span } = node;
    hold(span.start === at && span.end > at, `a gap, an overlap or an empty node at ${at}`);
    at = span.end;
    for (const word of "words" in node ? node.words : []) {
      const inside =
        span.start <= word.span.start && word.span.start < word.span.end && word.span.end <= span.end;
      hold(inside, `the word ${word.text} stands outside of its node`);
    }
    if (node.kind === "error") {
      const own = diagnostics.filter(
        (found) =>
          found.code !== "line-ending" && found.span.start >= span.start && found.span.start < span.end,
      );
      hold(own.length === 1, `${own.length} diagnostics for the node at ${span.start}`);
    }
    const first = node.kind === "restore" ? node.body[0] : undefined;
    if (node.kind === "restore" && first !== undefined) {
      checkNodes(node.body, first.span.start, node.body.at(-1)!.span.end, diagnostics);
    }
  }
  hold(at === end, `the text behind ${at} is in no node`);
}

describe("parsing any text", () => {
  for (const [name, parse] of Object.entries({ parseText, parseSave, parseScript })) {
    it(`${name} never throws, loses nothing and says what is wrong`, () => {
      fc.assert(
        fc.property(anyText, (text) => checkLaws(parse({ name: "any", text }), text)),
        { numRuns: runs },
      );
    });
  }
});
