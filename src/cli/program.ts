import { Command, CommanderError } from "commander";
import packageFile from "../../package.json" with { type: "json" };
import { SetsTooLarge } from "../analyse/sets-too-large.ts";
import { InternalError } from "../diagnostics/diagnostic.ts";
import { loadersFor } from "./commands.ts";
import { type ExitStatus, exitStatus, InputError, UsageError } from "./exit-status.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

const examples = `
Examples:
  $ netverdict trace rules.v4 -i eth0 -p tcp -s 198.51.100.7 --sport 40000 -d 192.0.2.1 --dport 22 --syn
  $ netverdict trace rules.v4 --packets flow.yaml --snapshot host/
  $ netverdict find rules.v4 --verdict ACCEPT -- -i eth0 -p tcp --dport 22 ! -s 10.0.0.0/8
  $ netverdict lint rules.v4 --format sarif
  $ iptables-save | netverdict fmt -
  $ netverdict diff old.v4 new.v4
  $ netverdict check policy.yaml
  $ netverdict witness rules.v4 --format checks > policy.yaml
  $ netverdict coverage rules.v4 policy.yaml
  $ netverdict explain '-p tcp --dport 22 -m limit --limit 3/min -j ACCEPT'
  $ netverdict replay rules.v4 eth0=uplink.pcapng --snapshot host/
  $ netverdict verify fixtures/recordings

Exit status: 0 fine, 1 findings or a failed expectation, 2 wrong use or unreadable input, 3 a fault of netverdict.
Documentation: docs/cli.md`;

/** Runs one command line and gives its exit status. Never throws. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.fine;
  const program = new Command("netverdict");
  const session: Session = {
    terminal,
    finish(next) {
      if (next > status) status = next;
    },
  };
  program
    .description("Tells what iptables/netfilter will do with a packet, and why, before it happens.")
    .version(packageFile.version)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .addHelpText("after", examples);
  for (const load of loadersFor(words[0])) {
    const command = await load(session);
    program.addCommand(command.copyInheritedSettings(program));
  }
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    return failure(error, terminal);
  }
  return status;
}

function failure(error: unknown, terminal: Terminal): ExitStatus {
  if (error instanceof CommanderError) {
    // commander has printed its message; --help and --version come here as well, with 0
    return error.exitCode === 0 ? exitStatus.fine : exitStatus.usage;
  }
  if (error instanceof InputError) {
    terminal.err(`${error.message}\n`);
    return exitStatus.usage;
  }
  if (error instanceof UsageError) {
    terminal.err(`netverdict: ${error.message}\n`);
    return exitStatus.usage;
  }
  if (error instanceof SetsTooLarge) {
    terminal.err(`netverdict: no answer: ${error.message}\n`);
    return exitStatus.usage;
  }
  const known = error instanceof InternalError ? error.message : "";
  const stack = error instanceof Error ? error.stack : String(error);
  terminal.err(`netverdict: a fault of netverdict${known && `: ${known}`}; please report it\n${stack}\n`);
  return exitStatus.fault;
}
