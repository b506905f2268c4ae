import type { Terminal } from "./terminal.ts";

/** Whether a path has wildcards. */
export const isGlob = (path: string): boolean => /[*?]/.test(path);

/** The paths that a pattern fits, sorted: `*` and `?` within a name, `**` for any folders. Hidden names must be asked for. */
export function expandGlob(pattern: string, terminal: Terminal): readonly string[] {
  const absolute = pattern.startsWith("/");
  const segments = pattern.split("/").filter((segment) => segment !== "");
  return [...new Set(expand(absolute ? "/" : "", segments, terminal))].sort();
}

function expand(folder: string, segments: readonly string[], terminal: Terminal): readonly string[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [folder];
  if (!isGlob(segment)) {
    const path = join(folder, segment);
    const there = rest.length > 0 || terminal.list(folder === "" ? "." : folder)?.includes(segment);
    return there ? expand(path, rest, terminal) : [];
  }
  const names = terminal.list(folder === "" ? "." : folder) ?? [];
  if (segment === "**") {
    const deeper = names
      .filter((name) => !name.startsWith(".") && terminal.list(join(folder, name)) !== undefined)
      .flatMap((name) => expand(join(folder, name), segments, terminal));
    return [...expand(folder, rest, terminal), ...deeper];
  }
  return names
    .filter((name) => fits(name, segment))
    .map((name) => join(folder, name))
    .filter((path) => rest.length > 0 === (terminal.list(path) !== undefined))
    .flatMap((path) => expand(path, rest, terminal));
}

const join = (folder: string, name: string): string =>
  folder === "" || folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;

function fits(name: string, pattern: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${expression}$`, "s").test(name);
}
