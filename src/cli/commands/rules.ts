import { Command } from "commander";
import { lintRules } from "../../lint/registry.ts";
import { styleFor } from "../colour.ts";
import { type OutputOptions, withColour, withFormat } from "../common-options.ts";
import { jsonText } from "../json-text.ts";
import type { Session } from "../session.ts";

/** `netverdict rules`: what `lint` looks for. */
export function rulesCommand(session: Session): Command {
  const command = new Command("rules")
    .description("List what lint looks for: id, level and name of each rule (docs/rules/).")
    .action((options: OutputOptions) => list(options, session));
  return withColour(withFormat(command));
}

function list({ format, color }: OutputOptions, { terminal }: Session): void {
  if (format === "json") {
    const rules = lintRules.map(({ id, name, level, optional, summary }) => ({
      id,
      name,
      level,
      optional: optional === true,
      summary,
      page: `docs/rules/${id}.md`,
    }));
    terminal.out(jsonText({ version: 1, rules }));
    return;
  }
  const { strong, faint } = styleFor(color, terminal, "out");
  const width = Math.max(...lintRules.map(({ name }) => name.length));
  for (const { id, name, level, optional, summary } of lintRules) {
    const state = optional ? "off" : level;
    terminal.out(`${strong(id)}  ${state.padEnd(7)}  ${name.padEnd(width)}  ${faint(summary)}\n`);
  }
}
