import { Command } from "commander";
import { didYouMean } from "../../diagnostics/did-you-mean.ts";
import { extensionList, extensionText } from "../../report/extension-text.ts";
import { extensionViews } from "../../report/extension-view.ts";
import { styleFor } from "../colour.ts";
import { type OutputOptions, withColour, withFormat } from "../common-options.ts";
import { UsageError } from "../exit-status.ts";
import { jsonText } from "../json-text.ts";
import type { Session } from "../session.ts";

/** `netverdict extensions [NAME]`: the matches and targets that netverdict knows. */
export function extensionsCommand(session: Session): Command {
  const command = new Command("extensions")
    .description("List the matches and targets that netverdict knows, or all about one of them.")
    .argument("[name]", "a match or a target, as -m or -j names it")
    .action((name: string | undefined, options: OutputOptions) => list(name, options, session));
  return withColour(withFormat(command));
}

function list(name: string | undefined, { format, color }: OutputOptions, { terminal }: Session): void {
  const all = extensionViews();
  const found = all.filter((view) => name === undefined || [view.name, ...view.aliases].includes(name));
  if (name !== undefined && found.length === 0) {
    const near = didYouMean(name, [...new Set(all.map((view) => view.name))]);
    const hint = near === undefined ? "" : `; did you mean \`${near}\`?`;
    throw new UsageError(`no match or target is named \`${name}\`${hint}`);
  }
  if (format === "json") {
    terminal.out(jsonText({ version: 1, extensions: found }));
    return;
  }
  const style = styleFor(color, terminal, "out");
  if (name === undefined) terminal.out(extensionList(found, style));
  else terminal.out(found.map((view) => extensionText(view, style)).join("\n"));
}
