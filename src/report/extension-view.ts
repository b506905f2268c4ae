import type { Example, Match, OptionSpec, Sugar, Target } from "../extensions/extension.ts";
import { matches, targets } from "../extensions/registry.ts";
import type { Family } from "../packet/address.ts";
import { protocolName } from "../packet/protocols.ts";

/** An option of an extension as lists of them show it. */
export interface OptionView {
  readonly name: string;
  readonly aliases: readonly string[];
  /** What it takes; empty for a flag. */
  readonly argument: string;
  readonly help: string;
  readonly invertible: boolean;
  readonly required: boolean;
  /** The option that it is another way to write. */
  readonly writes?: string;
  readonly families?: readonly Family[];
  readonly excludes: readonly string[];
  readonly requires: readonly string[];
}

/** A match or a target, from its declaration. */
export interface ExtensionView {
  readonly kind: "match" | "target";
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  /** Absent where it may stand anywhere. */
  readonly families?: readonly string[];
  readonly tables?: readonly string[];
  readonly hooks?: readonly string[];
  readonly protocols?: readonly string[];
  readonly options: readonly OptionView[];
  readonly examples: readonly Example[];
}

const byName = (a: ExtensionView, b: ExtensionView): number => (a.name < b.name ? -1 : 1);

/** All that netverdict knows, matches first, by name. */
export const extensionViews = (): readonly ExtensionView[] => [
  ...matches.map((match) => viewOf("match", match)).sort(byName),
  ...targets.map((target) => viewOf("target", target)).sort(byName),
];

function viewOf(kind: "match" | "target", extension: Match | Target): ExtensionView {
  const { name, aliases = [], summary, validIn = {}, options, examples } = extension;
  const { families, tables, hooks, protocols } = validIn;
  return {
    kind,
    name,
    aliases,
    summary,
    ...(families && { families }),
    ...(tables && { tables }),
    ...(hooks && { hooks }),
    ...(protocols && { protocols: protocols.map(protocolName) }),
    options: Object.entries(options).map(([option, spec]) => optionView(option, spec)),
    examples,
  };
}

function optionView(name: string, spec: OptionSpec<unknown> | Sugar<unknown>): OptionView {
  const kept = "into" in spec ? undefined : spec;
  return {
    name,
    aliases: spec.aliases ?? [],
    argument: spec.arg.placeholder,
    help: spec.help,
    invertible: spec.invertible === true,
    required: kept?.required === true,
    ...("into" in spec ? { writes: spec.into } : {}),
    ...(kept?.families ? { families: kept.families } : {}),
    excludes: kept?.excludes ?? [],
    requires: kept?.requires ?? [],
  };
}
