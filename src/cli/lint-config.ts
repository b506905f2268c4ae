import { dirname, join, relative } from "node:path";
import type { FailOn, LevelChoice } from "./lint-settings.ts";
import type { Terminal } from "./terminal.ts";
import { decodeText } from "./text.ts";

const configName = ".netverdict.yaml";

/** What a configuration file says of `lint`. */
export interface LintConfig {
  readonly path: string;
  readonly failOn: FailOn | undefined;
  readonly levels: Readonly<Record<string, LevelChoice>>;
  readonly enable: readonly string[];
  readonly disable: readonly string[];
  readonly keep: readonly string[];
  readonly baseline: string | undefined;
}

/** The nearest `.netverdict.yaml`: in the folder that the command runs in, or above it. */
export function findConfig(terminal: Terminal): string | undefined {
  for (let folder = terminal.directory; ; folder = dirname(folder)) {
    if (terminal.list(folder)?.includes(configName)) return join(folder, configName);
    if (folder === dirname(folder)) return undefined;
  }
}

/** Reads a configuration file. Throws `InputError` that names every fault with its place. */
export async function readConfig(path: string, terminal: Terminal): Promise<LintConfig> {
  const { text } = decodeText(await terminal.read(path));
  // yaml and zod are loaded only where there is something to read
  const [{ readYaml }, { lintFile }] = await Promise.all([
    import("./yaml-file.ts"),
    import("./lint-schema.ts"),
  ]);
  const { data } = readYaml({ text, filename: relative(terminal.directory, path) || path, schema: lintFile });
  const { lint = {} } = data;
  return {
    path,
    failOn: lint["fail-on"],
    levels: lint.severity ?? {},
    enable: lint.enable ?? [],
    disable: lint.disable ?? [],
    keep: lint.keep ?? [],
    baseline: lint.baseline === undefined ? undefined : join(dirname(path), lint.baseline),
  };
}
