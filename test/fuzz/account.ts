import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";
import { printRule } from "../../src/model/print-rule.ts";
import type { Rule, Ruleset } from "../../src/model/ruleset.ts";
import type { Family } from "../../src/packet/address.ts";
import { parseText } from "../../src/syntax/parse.ts";
import type { Node, Tree } from "../../src/syntax/tree.ts";

const filename = "fuzz";

/**
 * What is wrong with how a text was read; `undefined` where all is accounted for:
 * the tree's spans give the text back, every line that is neither blank nor a comment has an effect or a diagnostic, what
 * was accepted prints to a text that reads and prints the same. Throws what the reader throws.
 */
export function complaint(text: string, family: Family): string | undefined {
  const { tree, diagnostics: ofSyntax } = parseText({ name: filename, text });
  const { ruleset, diagnostics } = parseRuleset(text, { family, filename });
  return (
    gap(tree, text) ??
    silentError(tree.nodes, ofSyntax) ??
    lostRule(tree, ruleset, diagnostics) ??
    unstable(ruleset)
  );
}

function gap({ nodes }: Tree, text: string): string | undefined {
  const again = nodes.map(({ span }) => text.slice(span.start, span.end)).join("");
  return again === text ? undefined : "the tree does not give the text back";
}

const touches = ({ span }: Node, diagnostic: Diagnostic): boolean =>
  diagnostic.span.start >= span.start && diagnostic.span.start <= span.end;

/** A line that is not understood must say so. */
function silentError(nodes: readonly Node[], diagnostics: readonly Diagnostic[]): string | undefined {
  for (const node of nodes) {
    if (node.kind === "error" && !diagnostics.some((one) => touches(node, one))) {
      return `no diagnostic for the line at ${node.span.start}`;
    }
    const inner = node.kind === "restore" ? silentError(node.body, diagnostics) : undefined;
    if (inner) return inner;
  }
  return undefined;
}

/** A dump's line that appends a rule is in the rule set or has a diagnostic, unless a later line may have taken it away. */
function lostRule(
  { form, nodes }: Tree,
  ruleset: Ruleset,
  diagnostics: readonly Diagnostic[],
): string | undefined {
  if (form !== "save") return undefined;
  const places: number[] = [];
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      for (const { origin } of chain.rules) if (origin) places.push(origin.span.start);
    }
  }
  places.sort((a, b) => a - b);
  const stands = ({ span }: Node): boolean => {
    let low = 0;
    for (let high = places.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (places[middle]! < span.start) low = middle + 1;
      else high = middle;
    }
    return low < places.length && places[low]! < span.end;
  };
  // a second section of a table replaces the first one, -D and -F take rules away: only plain texts are sure
  const plain =
    nodes.filter((node) => node.kind === "table").length === 1 &&
    nodes.filter((node) => node.kind === "commit").length === 1 &&
    nodes.every((node) => node.kind !== "rule-line" || isAppend(node));
  if (!plain || diagnostics.some((one) => one.code === "no-such-table")) return undefined;
  const lost = nodes.find(
    (node) => isAppend(node) && !stands(node) && !diagnostics.some((one) => touches(node, one)),
  );
  return lost && `the rule at ${lost.span.start} is neither in the rule set nor in a diagnostic`;
}

const isAppend = (node: Node): boolean =>
  node.kind === "rule-line" && /^(?:-A|--append)$/.test(node.words[0]?.text ?? "");

/**
 * Whether iptables-restore itself could read what iptables-save prints of this: no interface has a blank in its name, no
 * set of days is empty, no comment or prefix goes over a line's end; and we know every match and target.
 */
function isReadable(ruleset: Ruleset, printed: string): boolean {
  const chains = [...ruleset.tables.values()].flatMap((table) => [...table.chains.values()]);
  const spaced = ({ spec }: Rule): boolean =>
    /\s/.test(`${spec.inInterface?.value ?? ""}${spec.outInterface?.value ?? ""}`);
  const broken = (rule: Rule): boolean => printRule(rule, "", ruleset.family).includes("\n");
  const known = (rule: Rule): boolean =>
    [...rule.matches, rule.target].every((use) => use.kind !== "unknown");
  return (
    !/--(?:week|month)days {2}/.test(printed) &&
    chains.every(({ rules }) => rules.every((rule) => known(rule) && !spaced(rule) && !broken(rule)))
  );
}

function unstable(ruleset: Ruleset): string | undefined {
  const options = { counters: true, fileOrder: true };
  const printed = printRuleset(ruleset, options);
  if (!isReadable(ruleset, printed)) return undefined;
  const again = parseRuleset(printed, { family: ruleset.family, filename: "printed" });
  const error = again.diagnostics.find((one) => one.severity === "error");
  if (error) return `what was accepted is refused once printed: ${error.message}\n${printed}`;
  const twice = printRuleset(again.ruleset, options);
  return twice === printed ? undefined : `printing is no fixed point:\n${printed}--- becomes\n${twice}`;
}
