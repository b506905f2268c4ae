import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

const tools: readonly (readonly [command: string, ...args: string[]])[] = [
  ["unshare", "--version"],
  ["ip", "-V"],
  ["nft", "--version"],
  ["conntrack", "--version"],
  ["iptables-legacy-restore", "--version"],
  ["iptables-legacy-save", "--version"],
  ["iptables-nft-restore", "--version"],
  ["iptables-nft-save", "--version"],
];

/** Why this machine's kernel cannot be asked; `undefined` where it can. */
export function unableToRecord(): string | undefined {
  if (process.getuid?.() !== 0)
    return "asking the kernel needs root, for a network namespace and TAP devices";
  try {
    accessSync("/dev/net/tun", constants.R_OK | constants.W_OK);
  } catch {
    return "there is no /dev/net/tun";
  }
  const missing = tools.filter(([command, ...args]) => spawnSync(command, args).error !== undefined);
  if (missing.length > 0) return `not installed: ${missing.map(([command]) => command).join(", ")}`;
  if (spawnSync("unshare", ["-n", "true"]).status !== 0) return "network namespaces are not allowed here";
  return undefined;
}
