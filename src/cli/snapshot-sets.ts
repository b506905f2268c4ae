import type { Ipsets } from "../host/ipset/ipsets.ts";
import { parseIpsets } from "../host/ipset/parse-ipsets.ts";
import type { ColourChoice } from "./colour.ts";
import { printDiagnostics } from "./load-rules.ts";
import type { Terminal } from "./terminal.ts";
import { decodeText } from "./text.ts";

/** What `ipset save` wrote, in a snapshot folder. */
export const setsFile = "ipset-save.txt";

/** Reads a snapshot's ipsets and says which lines are wrong; `undefined` where the snapshot has none. */
export async function readSnapshotSets(
  folder: string | undefined,
  colour: ColourChoice,
  terminal: Terminal,
): Promise<Ipsets | undefined> {
  if (folder === undefined || !terminal.list(folder)?.includes(setsFile)) return undefined;
  const path = `${folder}/${setsFile}`;
  const { ipsets, diagnostics } = parseIpsets(decodeText(await terminal.read(path)).text, path);
  printDiagnostics(diagnostics, colour, terminal);
  return ipsets;
}
