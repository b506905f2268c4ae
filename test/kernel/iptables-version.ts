import { run } from "./commands.ts";

/** Of the installed iptables, e.g. `1.8.9`. */
export const iptablesVersion = (): string => /v(\S+)/.exec(run("iptables-legacy", ["--version"]))?.[1] ?? "";
