import type { ExitStatus } from "./exit-status.ts";
import type { Terminal } from "./terminal.ts";

/** What every command is given. */
export interface Session {
  readonly terminal: Terminal;
  /** Sets the exit status; the worst one counts. */
  finish(status: ExitStatus): void;
}
