import { lintRules } from "../lint/registry.ts";
import type { Finding, LintLevel } from "../lint/rule.ts";
import type { LintChoice } from "../lint/run.ts";
import { didYouMean } from "../model/did-you-mean.ts";
import { UsageError } from "./exit-status.ts";
import type { LintConfig } from "./lint-config.ts";

const levels: readonly LintLevel[] = ["error", "warning", "info", "style"];
export type LevelChoice = LintLevel | "off";
export const failOnChoices = [...levels, "never"] as const;
export type FailOn = LintLevel | "never";

/** What the command line says about which rules run. */
export interface RuleOptions {
  /** `NV101=error`. */
  readonly severity?: readonly string[];
  readonly enable?: readonly string[];
  readonly disable?: readonly string[];
}

/** The rules that run and their levels: their own, then the configuration file's word, then the command line's. */
export function chooseRules(config: LintConfig | undefined, options: RuleOptions): LintChoice {
  const told = new Map<string, LevelChoice>(Object.entries(config?.levels ?? {}));
  for (const text of options.severity ?? []) {
    const [id = "", level] = text.split("=");
    const known = [...levels, "off" as const].find((name) => name === level);
    if (!known)
      throw new UsageError(`--severity ${text}: write ID=level, the level one of ${levels.join(", ")}, off`);
    told.set(id, known);
  }
  const on = idsIn(config?.enable, options.enable);
  const off = idsIn(config?.disable, options.disable);
  for (const id of [...told.keys(), ...on, ...off]) checkId(id);
  const rules = lintRules.filter(({ id, optional }) => {
    if (told.get(id) === "off") return false;
    // the command line's --enable beats the file's disable
    if (options.enable?.some((list) => list.split(",").includes(id))) return true;
    if (off.has(id)) return false;
    return !optional || on.has(id) || told.has(id);
  });
  const changed = [...told].flatMap(([id, level]) => (level === "off" ? [] : [[id, level] as const]));
  return { rules, levels: new Map(changed) };
}

const idsIn = (...lists: readonly (readonly string[] | undefined)[]): ReadonlySet<string> =>
  new Set(lists.flatMap((list) => (list ?? []).flatMap((text) => text.split(","))));

function checkId(id: string): void {
  const ids = lintRules.map((rule) => rule.id);
  if (ids.includes(id)) return;
  const near = didYouMean(id, ids) ?? "`netverdict rules` lists them";
  throw new UsageError(`there is no lint rule ${id}; ${near}`);
}

/** Whether a finding is as grave as `--fail-on` says, or graver. */
export const isGrave = ({ level }: Finding, failOn: FailOn): boolean =>
  failOn !== "never" && levels.indexOf(level) <= levels.indexOf(failOn);
