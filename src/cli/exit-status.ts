/** What the process says to its caller, as docs/cli.md lists it. */
export const exitStatus = {
  fine: 0,
  /** Findings, a failed expectation, a difference, text that is not canonical. */
  findings: 1,
  /** Wrong use or unreadable input. */
  usage: 2,
  /** A fault of ours. */
  fault: 3,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** Ends a command with status 2; the message is for the user. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** Faults within an input file: every line of the message begins with its place, `file:line:column: `. */
export class InputError extends UsageError {
  override readonly name = "InputError";
}
