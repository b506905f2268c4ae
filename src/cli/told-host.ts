import type { ListedConnection } from "../conntrack/listed-connection.ts";
import type { Host } from "../host/host.ts";
import { hostFromIpJson } from "../host/ip-json.ts";
import type { ColourChoice } from "./colour.ts";
import { printDiagnostics } from "./load-rules.ts";
import { readSnapshot } from "./snapshot.ts";
import type { Terminal } from "./terminal.ts";

/** The host that packets meet. */
export interface ToldHost {
  readonly host: Host;
  /** Those that it has before the first packet. */
  readonly connections: readonly ListedConnection[];
  /** What all answers rest on. */
  readonly assumptions: readonly string[];
}

/** The host of a snapshot; says which lines of it are wrong. Throws `UsageError` where it cannot be read. */
export async function toldHost(folder: string, colour: ColourChoice, terminal: Terminal): Promise<ToldHost> {
  const { assumptions, connections, diagnostics, ...files } = await readSnapshot(folder, terminal);
  printDiagnostics(diagnostics, colour, terminal);
  return { host: hostFromIpJson(files), connections, assumptions };
}
