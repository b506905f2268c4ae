import { execFileSync } from "node:child_process";

/** Runs a command and gives its standard output; throws where it fails. */
export const run = (command: string, args: readonly string[], input?: string): string =>
  execFileSync(command, args, {
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
    stdio: ["pipe", "pipe", "ignore"],
  });

export const ipJson = (...args: string[]): unknown => JSON.parse(run("ip", ["-j", ...args]) || "[]");
