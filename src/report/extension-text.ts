import type { Example } from "../extensions/extension.ts";
import type { ExtensionView, OptionView } from "./extension-view.ts";
import type { Style } from "./style.ts";

const flagOf = ({ kind }: ExtensionView): string => (kind === "match" ? "-m" : "-j");

/** One line for each. */
export function extensionList(views: readonly ExtensionView[], { strong }: Style): string {
  const width = Math.max(...views.map(({ name }) => name.length));
  return views
    .map((view) => `${strong(`${flagOf(view)} ${view.name.padEnd(width)}`)}  ${view.summary}\n`)
    .join("");
}

/** All about one. */
export function extensionText(view: ExtensionView, style: Style): string {
  const { name, aliases, summary, options, examples } = view;
  const flag = flagOf(view);
  const also = aliases.length > 0 ? ` (also ${aliases.map((alias) => `${flag} ${alias}`).join(", ")})` : "";
  const usages = options.map(usage);
  const width = Math.min(40, Math.max(0, ...usages.map((text) => text.length)));
  return [
    `${style.strong(`${flag} ${name}`)}${also}: ${summary}`,
    ...places(view).map((line) => `  ${line}`),
    ...(options.length > 0 ? ["", "Options:"] : []),
    ...options.map((option, index) => `  ${usages[index]!.padEnd(width)}  ${style.faint(facts(option))}`),
    "",
    "Examples:",
    ...examples.map((example) => `  ${example.rule}${style.faint(shown(example))}`),
    "",
  ].join("\n");
}

function places({ families, tables, hooks, protocols }: ExtensionView): readonly string[] {
  return [
    families && `family: ${families.join(", ")}`,
    tables && `table: ${tables.join(", ")}`,
    hooks && `chains reached from: ${hooks.join(", ")}`,
    protocols && `protocol: -p ${protocols.join(", ")}`,
  ].filter((line) => line !== undefined);
}

const usage = ({ name, aliases, argument, invertible }: OptionView): string =>
  `${invertible ? "[!] " : ""}${[name, ...aliases].map((one) => `--${one}`).join(", ")} ${argument}`.trim();

const listed = (names: readonly string[]): string => names.map((name) => `--${name}`).join(", ");

const facts = ({ help, required, writes, families, excludes, requires }: OptionView): string =>
  [
    help,
    writes === undefined ? "" : `another way to write --${writes}`,
    required ? "required" : "",
    families ? `${families.join(", ")} only` : "",
    excludes.length > 0 ? `not with ${listed(excludes)}` : "",
    requires.length > 0 ? `needs ${listed(requires)}` : "",
  ]
    .filter((text) => text !== "")
    .join("; ");

function shown(example: Example): string {
  if ("saves" in example) return example.saves === "=" ? "" : `\n      saved as: ${example.saves}`;
  if ("refused" in example) return `   refused: ${example.refused}`;
  return `\n      ${example.matches ? "matches" : "does not match"}: ${example.packet}`;
}
