import { Command, Option } from "commander";
import { nftRuleset } from "../../model/nft-match.ts";
import { printPieces, printRuleset } from "../../model/print.ts";
import type { Ruleset } from "../../model/ruleset.ts";
import type { ColourChoice } from "../colour.ts";
import {
  type BackendOptions,
  backendOption,
  type FamilyOptions,
  toldFamily,
  withColour,
  withFamily,
} from "../common-options.ts";
import { differences } from "../differences.ts";
import { exitStatus } from "../exit-status.ts";
import { loadRules, printDiagnostics } from "../load-rules.ts";
import type { Session } from "../session.ts";
import { encodeText } from "../text.ts";

interface FmtOptions extends FamilyOptions, BackendOptions {
  readonly check?: true;
  readonly counters?: true;
  readonly order: "kernel" | "file";
  readonly color: ColourChoice;
}

/** `netverdict fmt RULES`: the text that iptables-save would print, comments left out. */
export function fmtCommand(session: Session): Command {
  const command = new Command("fmt")
    .description("Print a dump or script as iptables-save would, byte for byte.")
    .argument("<rules>", "iptables-save dump or script of iptables commands, `-` for standard input")
    .option("--check", "print nothing; exit 1 and say where the text is not canonical")
    .option("--counters", "keep the counters, as iptables-save -c")
    .addOption(
      new Option("--order <order>", "tables: newest first as the kernel lists them, or as in the file")
        .choices(["kernel", "file"])
        .default("kernel"),
    )
    .addOption(backendOption("whose iptables-save: iptables-nft keeps some ranges of ports another way"))
    .action((rules: string, options: FmtOptions) => fmt(rules, options, session));
  return withColour(withFamily(command));
}

async function fmt(path: string, options: FmtOptions, session: Session): Promise<void> {
  const { terminal } = session;
  const loaded = await loadRules(path, toldFamily(options), terminal);
  printDiagnostics(loaded.diagnostics, options.color, terminal);
  if (loaded.diagnostics.some((one) => one.severity === "error")) session.finish(exitStatus.findings);
  const ruleset = options.backend === "nft" ? nftRuleset(loaded.ruleset) : loaded.ruleset;
  if (options.check) {
    check(ruleset, loaded.text, loaded.name, session);
    return;
  }
  const pieces = printPieces(ruleset, {
    counters: options.counters === true,
    fileOrder: options.order === "file",
  });
  for (const piece of pieces) terminal.out(encodeText(piece, loaded.encoding));
}

/** A file is canonical if it is what `fmt` prints in the order of its tables; comments and blank lines are free, counters too. */
function check(ruleset: Ruleset, text: string, name: string, session: Session): void {
  const counters = /^\[\d+:\d+\] ?-/m.test(text);
  const canonical = printRuleset(ruleset, { counters, fileOrder: true });
  const found = differences(text, canonical, { counters });
  if (found.length === 0) return;
  const { terminal } = session;
  terminal.err(`${name} is not canonical:\n`);
  for (const line of found) terminal.err(`${line}\n`);
  session.finish(exitStatus.findings);
}
