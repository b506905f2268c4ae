import type { ExplainedOption, ExplainedPart, Explanation } from "./explanation.ts";
import type { Style } from "./style.ts";

/** An explanation for people. */
export function explanationText(explanation: Explanation, style: Style): string {
  const { family, table, chain, rule, matches, action } = explanation;
  const program = family === "ipv6" ? "ip6tables" : "iptables";
  const asks =
    matches.length === 0
      ? ["Matches every packet that reaches it."]
      : ["Matches a packet where:", ...matches.flatMap((part) => matchLines(part, style))];
  const does = ["Then:", `  - ${partHead(action, style)}`, ...optionLines(action.options, style)];
  const head = `${style.strong(rule)}\n${style.faint(`${program}, table ${table}, chain ${chain}`)}`;
  return `${head}\n\n${[...asks, ...does].join("\n")}\n`;
}

const partHead = ({ text, summary, known }: ExplainedPart, { strong, changed }: Style): string => {
  const words = known ? summary : changed(summary);
  return text === "" ? words : `${strong(text)}: ${words}`;
};

function matchLines(part: ExplainedPart, style: Style): readonly string[] {
  const asked = part.condition === undefined ? [] : [`      that is: ${part.condition}`];
  return [`  - ${partHead(part, style)}`, ...optionLines(part.options, style), ...asked];
}

const optionLines = (options: readonly ExplainedOption[], { faint }: Style): readonly string[] =>
  options.map(({ name, value, inverted, help }) => {
    const words = [inverted ? "!" : "", `--${name}`, value].filter((word) => word !== "").join(" ");
    return `      ${words}  ${faint(inverted ? `not: ${help}` : help)}`;
  });
