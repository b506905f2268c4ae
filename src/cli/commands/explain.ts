import { Command, Option } from "commander";
import type { TableName } from "../../extensions/extension.ts";
import { tableNames } from "../../model/hooks.ts";
import { readRule } from "../../model/read-rule.ts";
import { explainRule } from "../../report/explanation.ts";
import { explanationText } from "../../report/explanation-text.ts";
import { styleFor } from "../colour.ts";
import {
  type FamilyOptions,
  type OutputOptions,
  toldFamily,
  withColour,
  withFamily,
  withFormat,
} from "../common-options.ts";
import { exitStatus } from "../exit-status.ts";
import { guessFamily } from "../family.ts";
import { jsonText } from "../json-text.ts";
import { printDiagnostics } from "../load-rules.ts";
import type { Session } from "../session.ts";

interface ExplainOptions extends FamilyOptions, OutputOptions {
  readonly table?: TableName;
}

const notes = `
  $ netverdict explain '-A FORWARD -p tcp --dport 22 -m limit --limit 3/min -j ACCEPT'
  $ netverdict explain '-m conntrack --ctstate NEW -j DNAT --to-destination 10.0.0.9'`;

/** `netverdict explain RULE`: what a rule matches and does, in plain words. */
export function explainCommand(session: Session): Command {
  const command = new Command("explain")
    .description("Say in plain words what a rule matches and does.")
    .argument("<rule>", "a command or a dump's line in quotes; the command and its chain may be left out")
    .addOption(new Option("--table <table>", "the rule's table").choices(tableNames))
    // a rule begins with a dash, as a rule
    .allowUnknownOption()
    .addHelpText("after", notes)
    .action((rule: string, options: ExplainOptions) => explain(rule, options, session));
  return withColour(withFormat(withFamily(command)));
}

function explain(text: string, options: ExplainOptions, session: Session): void {
  const { terminal } = session;
  const family = toldFamily(options) ?? guessFamily("rule", /(^|\s)-A\s/.test(text) ? text : `-A x ${text}`);
  const { value, diagnostics } = readRule(text, family, options.table);
  printDiagnostics(diagnostics, options.color, terminal);
  if (!value) {
    session.finish(exitStatus.findings);
    return;
  }
  const explanations = explainRule(value);
  if (options.format === "json") {
    terminal.out(jsonText({ version: 1, rules: explanations }));
    return;
  }
  const style = styleFor(options.color, terminal, "out");
  terminal.out(explanations.map((one) => explanationText(one, style)).join("\n"));
}
