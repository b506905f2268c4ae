import { Command } from "commander";
import { readRecording } from "../../evaluate/recording.ts";
import { type Verification, verifyRecording } from "../../evaluate/verify.ts";
import type { Style } from "../../report/style.ts";
import { verificationText } from "../../report/verification-text.ts";
import { styleFor } from "../colour.ts";
import { type OutputOptions, withColour, withFormat } from "../common-options.ts";
import { exitStatus, UsageError } from "../exit-status.ts";
import { jsonText } from "../json-text.ts";
import { printDiagnostics } from "../load-rules.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { decodeText } from "../text.ts";

interface VerifyOptions extends OutputOptions {
  readonly verbose?: true;
}

/** `netverdict verify RECORDING...`: replays what a kernel did and reports every difference. */
export function verifyCommand(session: Session): Command {
  const command = new Command("verify")
    .description("Replay what a kernel recorded and report every difference.")
    .argument("<recordings...>", "recordings (docs/recordings.md) or folders of them")
    .option("-v, --verbose", "show what kernel and machine did where they differ")
    .action((paths: string[], options: VerifyOptions) => verify(paths, options, session));
  return withColour(withFormat(command));
}

async function verify(paths: readonly string[], options: VerifyOptions, session: Session): Promise<void> {
  const { terminal } = session;
  const results: { file: string; verification: Verification }[] = [];
  for (const file of paths.flatMap((path) => recordingsIn(path, terminal))) {
    const verification = await verifyFile(file, terminal);
    printDiagnostics(verification.diagnostics, options.color, terminal);
    if (verification.packets.some((packet) => !packet.agrees)) session.finish(exitStatus.findings);
    results.push({ file, verification });
  }
  const style: Style = styleFor(options.color, terminal, "out");
  terminal.out(
    options.format === "json"
      ? json(results)
      : verificationText(results, { style, verbose: options.verbose === true }),
  );
}

const json = (results: readonly { file: string; verification: Verification }[]): string => {
  const recordings = results.map(({ file, verification }) => ({ file, packets: verification.packets }));
  return jsonText({ version: 1, recordings });
};

/** The files that a path names: itself, or the recordings of a folder. */
function recordingsIn(path: string, terminal: Terminal): readonly string[] {
  const names = terminal.list(path);
  if (names === undefined) return [path];
  const files = names.filter((name) => name.endsWith(".json"));
  if (files.length === 0) throw new UsageError(`${path} has no recordings: no file in it ends in .json`);
  return files.map((name) => `${path.replace(/\/$/, "")}/${name}`);
}

async function verifyFile(file: string, terminal: Terminal): Promise<Verification> {
  const { text } = decodeText(await terminal.read(file));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const read = readRecording(value);
  if (!read.ok) throw new UsageError(`${file} is no recording: ${read.message}`);
  return verifyRecording(read.recording, file);
}
