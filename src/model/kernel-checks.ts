import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Match, Problem, Site, TableName, Target } from "../extensions/extension.ts";
import type { Family } from "../packet/address.ts";
import type { Hook } from "../packet/context.ts";
import { JumpGraph } from "./jump-graph.ts";
import { walkChain } from "./reach.ts";
import { siteOf } from "./rule-formula.ts";
import type { BoundArgs, Chain, Rule } from "./ruleset.ts";
import { SavedRule } from "./saved-rule.ts";
import type { TableDraft } from "./table-draft.ts";

/** A rule that iptables takes and the kernel does not. */
export interface KernelRefusal {
  readonly chain: string;
  readonly rule: Rule;
  readonly code: DiagnosticCode;
  /** What the kernel objects to. */
  readonly message: string;
  /** What iptables says then. */
  readonly iptables: string;
  readonly help?: string;
}

const invalidArgument = "Invalid argument. Run `dmesg' for more information.";

/** The rule whose jump closes a loop, if there is one. */
export function loopRefusal(graph: JumpGraph): KernelRefusal | undefined {
  const loop = graph.findLoop();
  if (!loop) return undefined;
  return {
    ...loop,
    code: "jump-loop",
    message: `chain \`${loop.chain}\` would reach itself through this jump`,
    iptables: "Too many levels of symbolic links.",
  };
}

/** Every rule that cannot stand where it can be reached from, chain by chain; `only` names the chains to look at. */
export function placeRefusals(
  draft: TableDraft,
  family: Family,
  graph: () => JumpGraph,
  only?: ReadonlySet<string>,
): readonly KernelRefusal[] {
  const chains = only ? [...only].flatMap((name) => draft.chain(name) ?? []) : [...draft.chains];
  const refusals: KernelRefusal[] = [];
  for (const chain of chains) {
    for (const one of refusalsAmong(chain, 0, chain.rules.length, draft, family, graph)) refusals.push(one);
  }
  return refusals;
}

/** Made when somebody first asks which hooks reach a chain: most checks of a rule don't. */
export function lazyGraph(draft: TableDraft): () => JumpGraph {
  let graph: JumpGraph | undefined;
  return () => {
    graph ??= new JumpGraph(draft);
    return graph;
  };
}

/** The same for the rules of one chain from 0-based `from` to before `to`. */
export function refusalsAmong(
  chain: Chain,
  from: number,
  to: number,
  draft: TableDraft,
  family: Family,
  graph = lazyGraph(draft),
): readonly KernelRefusal[] {
  const refusals: KernelRefusal[] = [];
  for (let index = from; index < to; index++) {
    const rule = chain.rules[index]!;
    if (!isPicky(rule, () => graph().hooksOf(chain.name))) continue;
    // behind an unconditional verdict the kernel knows of no hook
    const hooks = () => (index < walkChain(chain).live ? graph().hooksOf(chain.name) : []);
    const problem = checkRule(rule, family, draft.name, hooks);
    if (!problem) continue;
    const { code, message, help, iptables = invalidArgument } = problem;
    const told = help === undefined ? {} : { help };
    refusals.push({ chain: chain.name, rule, code, message, iptables, ...told });
  }
  return refusals;
}

/** All chains that can be reached from some chains, themselves among them. */
export function chainsBelow(draft: TableDraft, starts: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [...starts];
  while (pending.length > 0) {
    const chain = draft.chain(pending.pop()!);
    if (!chain || found.has(chain.name)) continue;
    found.add(chain.name);
    for (const { target } of walkChain(chain).jumps) pending.push(target.chain);
  }
  return found;
}

/** Whether the kernel could object to anything but the rule's jump where no other hooks than these reach it. */
function isPicky(rule: Rule, hooks: () => readonly Hook[]): boolean {
  if (rule instanceof SavedRule && (rule.isTakenEverywhere || rule.isTakenAt(hooks()))) return false;
  const { matches, target } = rule;
  if (target.kind === "known" && isPickyExtension(target.target)) return true;
  for (const use of matches) if (use.kind === "known" && isPickyExtension(use.match)) return true;
  return false;
}

const isPickyExtension = ({ validIn, check }: Match | Target): boolean =>
  validIn !== undefined || check !== undefined;

function checkRule(
  { spec, matches, target }: Rule,
  family: Family,
  table: TableName,
  hooks: () => readonly Hook[],
): Problem | undefined {
  const known = matches.filter((use) => use.kind === "known");
  const site: Site = {
    ...siteOf(family, table, spec),
    get hooks() {
      return hooks();
    },
    matches: known.map(({ match: { name }, args }) => ({ name, args })),
  };
  for (const use of matches) {
    const problem = use.kind === "known" ? kernelProblem(use.match, use.args, site) : undefined;
    if (problem) return problem;
  }
  return target.kind === "known" ? kernelProblem(target.target, target.args, site) : undefined;
}

const listed = (names: readonly (string | number)[]): string => names.join(" or ");

/** xt_check_match and xt_check_target (net/netfilter/x_tables.c), then the extension's own objections. */
export function kernelProblem(extension: Match | Target, args: BoundArgs, site: Site): Problem | undefined {
  const { name, validIn } = extension;
  const wrong = (message: string): Problem => ({ code: "wrong-place", message, kernel: true });
  if (validIn?.tables?.includes(site.table) === false) {
    return wrong(`\`${name}\` is only valid in the ${listed(validIn.tables)} table, not in ${site.table}`);
  }
  const { hooks, protocols } = validIn ?? {};
  const stray: Hook | undefined = hooks && site.hooks.find((hook) => !hooks.includes(hook));
  if (hooks && stray) {
    return wrong(`\`${name}\` is only valid in ${listed(hooks)}, but ${stray} reaches this rule`);
  }
  const { protocol } = site;
  if (protocols && (!protocol || protocol.inverted || !protocols.includes(protocol.value))) {
    return wrong(`\`${name}\` is only valid for protocol ${listed(protocols)}`);
  }
  return extension.check?.(args, site).find((problem) => problem.kernel);
}
