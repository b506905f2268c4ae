import type { ListedConnection } from "../conntrack/listed-connection.ts";
import { parseConnections } from "../conntrack/parse-connections.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { readIpAddrText } from "../host/ip-addr-text.ts";
import { parseSysctlText } from "../host/sysctl.ts";
import { UsageError } from "./exit-status.ts";
import { setsFile } from "./snapshot-sets.ts";
import type { Terminal } from "./terminal.ts";
import { decodeText } from "./text.ts";

/** The files of a snapshot folder by the names of the commands that wrote them (docs/cli.md); absent ones are `undefined`. */
export interface SnapshotFiles {
  readonly addresses: unknown;
  readonly routes: unknown;
  readonly neighbours: unknown;
  readonly rules: unknown;
  readonly sysctl: Readonly<Record<string, string>>;
  /** The connections that the host has. */
  readonly connections: readonly ListedConnection[];
  readonly diagnostics: readonly Diagnostic[];
  /** What a reader should know: files that are missing or that are not read. */
  readonly assumptions: readonly string[];
}

const read = {
  "ip-addr.json": "no interface of the host is known",
  "ip-route.json": "routes are taken from the packets",
  "ip-neigh.json": "neighbours answer with made-up addresses",
  "ip-rule.json": "routing follows the usual three rules",
  "sysctl.txt": "sysctls have their usual values",
} as const;

/** `ip addr` as it prints for people: read where there is no `ip-addr.json`. */
const addressText = "ip-addr.txt";

/** `conntrack -L`: without it the flow starts with no connections. */
const connectionsFile = "conntrack.txt";

const belongsHere = new Set([setsFile, connectionsFile, "ip6tables-save.txt", "iptables-save.txt"]);

/** Reads a snapshot folder. Throws `UsageError` where it is none or a file in it cannot be read. */
export async function readSnapshot(
  folder: string,
  terminal: Pick<Terminal, "list" | "read">,
): Promise<SnapshotFiles> {
  const names = terminal.list(folder);
  if (names === undefined) throw new UsageError(`${folder} is no folder`);
  const assumptions: string[] = [];
  const contents = async (name: string) => decodeText(await terminal.read(`${folder}/${name}`)).text;
  const text = async (name: keyof typeof read): Promise<string | undefined> => {
    if (names.includes(name)) return contents(name);
    assumptions.push(`the snapshot has no ${name}: ${read[name]}`);
    return undefined;
  };
  const json = async (name: keyof typeof read): Promise<unknown> => {
    const content = await text(name);
    return content === undefined ? undefined : parseJson(content, `${folder}/${name}`);
  };
  const { connections, diagnostics } = parseConnections(
    names.includes(connectionsFile) ? await contents(connectionsFile) : "",
    `${folder}/${connectionsFile}`,
  );
  const files = {
    connections,
    diagnostics,
    addresses:
      names.includes("ip-addr.json") || !names.includes(addressText)
        ? await json("ip-addr.json")
        : readIpAddrText(await contents(addressText)),
    routes: await json("ip-route.json"),
    neighbours: await json("ip-neigh.json"),
    rules: await json("ip-rule.json"),
    sysctl: parseSysctlText((await text("sysctl.txt")) ?? ""),
  };
  for (const name of names) {
    if (!(name in read) && name !== addressText && !belongsHere.has(name)) {
      assumptions.push(`${name} is no file that a snapshot has; it is not read`);
    }
  }
  return { ...files, assumptions };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}
