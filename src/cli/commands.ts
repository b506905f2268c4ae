import type { Command } from "commander";
import type { Session } from "./session.ts";

type LoadCommand = (session: Session) => Promise<Command>;

/** The commands in the order of the help. Each is loaded with what it alone needs: a start must feel instant. */
const commands: Readonly<Record<string, LoadCommand>> = {
  trace: async (session) => (await import("./commands/trace.ts")).traceCommand(session),
  find: async (session) => (await import("./commands/find.ts")).findCommand(session),
  lint: async (session) => (await import("./commands/lint.ts")).lintCommand(session),
  "merge-reports": async (session) =>
    (await import("./commands/merge-reports.ts")).mergeReportsCommand(session),
  rules: async (session) => (await import("./commands/rules.ts")).rulesCommand(session),
  diff: async (session) => (await import("./commands/diff.ts")).diffCommand(session),
  check: async (session) => (await import("./commands/check.ts")).checkCommand(session),
  fmt: async (session) => (await import("./commands/fmt.ts")).fmtCommand(session),
  witness: async (session) => (await import("./commands/witness.ts")).witnessCommand(session),
  coverage: async (session) => (await import("./commands/coverage.ts")).coverageCommand(session),
  explain: async (session) => (await import("./commands/explain.ts")).explainCommand(session),
  extensions: async (session) => (await import("./commands/extensions.ts")).extensionsCommand(session),
  replay: async (session) => (await import("./commands/replay.ts")).replayCommand(session),
  verify: async (session) => (await import("./commands/verify.ts")).verifyCommand(session),
};

/** What loads the command of a name; for any other word, which may ask for help, all of them. */
export const loadersFor = (name = ""): readonly LoadCommand[] => {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return load ? [load] : Object.values(commands);
};
