import type { ISerializedGast, TokenType } from "chevrotain";

interface Production extends ISerializedGast {
  readonly name?: string;
  readonly label?: string;
  readonly nonTerminalName?: string;
  readonly separator?: { readonly name: string; readonly label: string };
  readonly definition?: Production[];
}

/** A serialised chevrotain grammar as ISO/IEC 14977 writes it, a rule a line, with the tokens that stand for several. */
export function ebnf(grammar: readonly ISerializedGast[], tokens: readonly TokenType[]): string {
  const rules = (grammar as readonly Production[]).map((rule) => `${rule.name} = ${sequence(rule)} ;`);
  const categories = tokens.flatMap((category) => {
    const members = tokens.filter((token) => token.CATEGORIES?.includes(category));
    if (members.length === 0) return [];
    return `${category.name} = ${members.map((token) => terminal(asTerminal(token))).join(" | ")} ;`;
  });
  return [...rules, ...categories, ""].join("\n");
}

const asTerminal = ({ name, LABEL }: TokenType): { name: string; label: string } => ({
  name,
  label: LABEL ?? name,
});

const sequence = (parent: Production): string => (parent.definition ?? []).map(print).join(", ");

/** A choice within something else stands in brackets of its own already, so only sequences need care. */
function print(production: Production): string {
  const inner = sequence(production);
  switch (production.type) {
    case "NonTerminal":
      return production.nonTerminalName ?? production.name ?? "";
    case "Terminal":
      return terminal(production);
    case "Option":
      return `[ ${inner} ]`;
    case "Repetition":
      return `{ ${inner} }`;
    case "RepetitionMandatory":
      return `${inner}, { ${inner} }`;
    case "RepetitionMandatoryWithSeparator":
      return `${inner}, { ${terminal(production.separator)}, ${inner} }`;
    case "Alternation":
      return `( ${(production.definition ?? []).map(sequence).join(" | ")} )`;
    default:
      return inner;
  }
}

/** A token with fixed text by that text, any other by its name. */
const terminal = (token: { readonly name?: string; readonly label?: string } | undefined): string =>
  token?.label?.startsWith("'") ? token.label : (token?.name ?? "");
