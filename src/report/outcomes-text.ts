import { visibleText } from "../diagnostics/visible-text.ts";
import { flowText } from "./flow-text.ts";
import type { FlowChoice, Outcome } from "./outcomes.ts";
import type { RuleRowOptions } from "./rule-rows.ts";
import { viewRule } from "./rule-view.ts";

/** Each outcome: how likely it is, what was drawn on the ways there, and the flow on the first of them. */
export function outcomesText(
  outcomes: readonly Outcome[],
  complete: boolean,
  options: RuleRowOptions,
): string {
  const { style } = options;
  const parts = outcomes.map(({ probability, ways, packets }, index) => {
    const head = `outcome ${index + 1} of ${outcomes.length}: ${percent(probability)}`;
    const several = packets.length > 1;
    const lines = ways.flatMap((choices, way) => wayLines(choices, way, several, options));
    return `${[style.strong(head), ...lines, ""].join("\n")}\n${flowText(packets, options)}`;
  });
  const rest = complete ? "" : `\n${style.bad("there are more ways than were followed")}\n`;
  return parts.join("\n") + rest;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

function wayLines(
  choices: readonly FlowChoice[],
  way: number,
  several: boolean,
  { printRule }: RuleRowOptions,
): readonly string[] {
  if (choices.length === 0) return ["  no rule draws at random"];
  return choices.map((choice, index) => {
    const { rule, matched, probability, packet } = choice;
    const { table, chain, number, file, line, text } = viewRule(rule, choice, printRule);
    const place = file === undefined ? "" : `, ${visibleText(file)}:${line}`;
    const word = index > 0 ? " and" : way === 0 ? "when" : "  or";
    const which = several ? ` for packet ${packet + 1}` : "";
    const does = `${matched ? "matches" : "does not match"} (${percent(matched ? probability : 1 - probability)})`;
    return `  ${word} ${table}/${chain}:${number}${place} ${does}${which}: ${visibleText(text)}`;
  });
}
