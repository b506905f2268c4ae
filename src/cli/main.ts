#!/usr/bin/env node
import { run } from "./program.ts";
import { nodeTerminal } from "./terminal.ts";

// a reader that stops early (`| head`) is no fault
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

// never process.exit() behind a result: what a pipe has not taken yet would be lost
process.exitCode = await run(process.argv.slice(2), nodeTerminal);
