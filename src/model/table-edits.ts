import type { Command } from "./command.ts";
import { didYouMean } from "./did-you-mean.ts";
import { type Refusal, refusable, refuse } from "./refusal.ts";
import { forgetDigests, indexOfRule } from "./rule-search.ts";
import { jumpOf, standardVerdicts } from "./rule-target.ts";
import type { Chain, Rule } from "./ruleset.ts";
import { noCounters, type TableDraft } from "./table-draft.ts";

const noChain = "No chain/target/match by that name.";
const badRule = "Bad rule (does a matching rule exist in that chain?).";

/** Applies a command to a table with the refusals of iptables and libiptc; what only the kernel refuses is not looked at. */
export function editTable(draft: TableDraft, command: Command): void {
  switch (command.kind) {
    case "append":
    case "insert":
      insertRules(draft, command);
      break;
    case "replace":
      replaceRule(draft, command);
      break;
    case "delete":
      deleteRules(draft, command);
      break;
    case "delete-number":
      findIndex(chainOf(draft, command.chain), command.number, "deletion");
      draft.splice(command.chain, command.number - 1, 1);
      break;
    case "check":
      checkRules(draft, command);
      break;
    case "list":
    case "list-rules":
      if (command.chain !== undefined) chainOf(draft, command.chain);
      if (command.zero) zeroChains(draft, command.chain);
      break;
    case "flush":
      for (const chain of chainsOf(draft, command.chain)) draft.setRules(chain.name, []);
      break;
    case "zero":
      if (command.number === undefined) zeroChains(draft, command.chain);
      else zeroRule(draft, command.chain ?? "", command.number);
      break;
    case "new-chain":
      if (draft.chain(command.chain)) refuse("chain-exists", "Chain already exists.");
      draft.addChain(command.chain);
      break;
    case "delete-chain":
      deleteChains(draft, command.chain);
      break;
    case "rename-chain":
      renameChain(draft, command);
      break;
    case "policy":
      setPolicy(draft, command);
      break;
  }
}

function chainOf(draft: TableDraft, name: string): Chain {
  const chain = draft.chain(name);
  if (chain) return chain;
  return refuse("no-such-chain", noChain, undefined, didYouMean(name, namesOf(draft)));
}

const namesOf = (draft: TableDraft): readonly string[] => [...draft.chains].map((chain) => chain.name);

const chainsOf = (draft: TableDraft, name: string | undefined): readonly Chain[] =>
  name === undefined ? [...draft.chains] : [chainOf(draft, name)];

type Edit<K extends Command["kind"]> = Extract<Command, { readonly kind: K }>;

/** Sees to what a rule jumps to: a chain of the name comes before a target, and it must be there. */
function resolveTarget(draft: TableDraft, rule: Rule): Rule {
  const { target } = rule;
  if (target.kind === "known" || target.kind === "unknown") {
    const name = target.kind === "known" ? target.target.name : target.name;
    const bare = target.kind === "known" || target.words.length === 0;
    return bare && draft.chain(name) ? rule.with({ target: { kind: "jump", chain: name } }) : rule;
  }
  if (target.kind === "none") return rule;
  const { chain: name, kind } = target;
  const chain = draft.chain(name);
  if (!chain) {
    const message =
      kind === "goto"
        ? `goto '${name}' is not a chain`
        : `Couldn't load target \`${name}':No such file or directory`;
    return refuse("no-such-chain", message, undefined, didYouMean(name, namesOf(draft)));
  }
  if (chain.hook) {
    const message = "Invalid argument. Run `dmesg' for more information.";
    refuse("wrong-place", message, undefined, "rules can jump to user-defined chains only");
  }
  return rule;
}

function insertRules(draft: TableDraft, command: Edit<"append"> | Edit<"insert">): void {
  const rules = command.rules.map((rule) => resolveTarget(draft, rule));
  const chain = chainOf(draft, command.chain);
  if (command.kind === "append") {
    draft.splice(chain.name, chain.rules.length, 0, ...rules);
    return;
  }
  if (command.number > chain.rules.length + 1) {
    refuse("index-out-of-range", "Index of insertion too big.", undefined, hasRules(chain));
  }
  // each one goes to the same number, so the last one comes first
  draft.splice(chain.name, command.number - 1, 0, ...rules.reverse());
}

function replaceRule(draft: TableDraft, command: Edit<"replace">): void {
  const rule = resolveTarget(draft, command.rule);
  findIndex(chainOf(draft, command.chain), command.number, "replacement");
  draft.splice(command.chain, command.number - 1, 1, rule);
}

const hasRules = ({ name, rules }: Chain): string =>
  `chain \`${name}\` has ${rules.length === 1 ? "1 rule" : `${rules.length} rules`}`;

function findIndex(chain: Chain, number: number, what: "replacement" | "deletion" | "counter"): void {
  if (number <= chain.rules.length) return;
  refuse("index-out-of-range", `Index of ${what} too big.`, undefined, hasRules(chain));
}

/** Refuses a `-D` or `-C` whose rule is not there; libiptc has another word for rules that jump. */
function noSuchRule(chain: Chain | undefined, wanted: Rule): never {
  return refuse("no-such-rule", chain && jumpOf(wanted) !== undefined ? noChain : badRule);
}

function deleteRules(draft: TableDraft, command: Edit<"delete">): void {
  const wanted = command.rules.map((rule) => resolveTarget(draft, rule));
  const chain = draft.chain(command.chain);
  const only = wanted.length === 1 ? wanted[0] : undefined;
  if (only) {
    const index = indexOfRule(chain?.rules ?? [], only);
    if (index < 0) noSuchRule(chain, only);
    draft.splice(command.chain, index, 1);
    return;
  }
  const rules = [...(chain?.rules ?? [])];
  for (const rule of wanted) {
    const index = indexOfRule(rules, rule);
    if (index < 0) noSuchRule(chain, rule);
    rules.splice(index, 1);
    forgetDigests(rules);
  }
  draft.setRules(command.chain, rules);
}

function checkRules(draft: TableDraft, command: Edit<"check">): void {
  const wanted = command.rules.map((rule) => resolveTarget(draft, rule));
  const chain = draft.chain(command.chain);
  for (const rule of wanted) {
    if (indexOfRule(chain?.rules ?? [], rule) < 0) noSuchRule(chain, rule);
  }
}

function zeroChains(draft: TableDraft, name: string | undefined): void {
  for (const chain of chainsOf(draft, name)) {
    draft.update(chain.name, { counters: noCounters });
    draft.setRules(
      chain.name,
      chain.rules.map((rule) => rule.with({ counters: noCounters })),
    );
  }
}

function zeroRule(draft: TableDraft, name: string, number: number): void {
  const chain = chainOf(draft, name);
  findIndex(chain, number, "counter");
  draft.splice(name, number - 1, 1, chain.rules[number - 1]!.with({ counters: noCounters }));
}

const isReferenced = (draft: TableDraft, name: string): boolean =>
  [...draft.chains].some((chain) => chain.rules.some((rule) => jumpOf(rule) === name));

function deleteChains(draft: TableDraft, name: string | undefined): void {
  if (name !== undefined) {
    deleteChain(draft, chainOf(draft, name));
    return;
  }
  // iptables goes on behind a chain that it can't delete, and then reports the last one
  let refusal: Refusal | undefined;
  for (const chain of [...draft.chains].filter(({ hook }) => !hook)) {
    const deleted = refusable(() => deleteChain(draft, chain));
    if (!deleted.ok) refusal = deleted.refusal;
  }
  if (refusal) refuse(refusal.code, refusal.message, undefined, refusal.help);
}

function deleteChain(draft: TableDraft, chain: Chain): void {
  if (chain.hook) {
    const message = "Invalid argument. Run `dmesg' for more information.";
    refuse("chain-in-use", message, undefined, `\`${chain.name}\` is built in`);
  }
  if (isReferenced(draft, chain.name)) {
    refuse("chain-in-use", "Too many links.", undefined, `rules jump to \`${chain.name}\``);
  }
  if (chain.rules.length > 0) {
    refuse("chain-in-use", "Directory not empty.", undefined, `${hasRules(chain)}: flush it first`);
  }
  draft.removeChain(chain.name);
}

function renameChain(draft: TableDraft, { chain: name, to }: Edit<"rename-chain">): void {
  if (draft.chain(to) || standardVerdicts.has(to)) refuse("chain-exists", "File exists.");
  const chain = draft.chain(name);
  if (!chain || chain.hook) {
    refuse("no-such-chain", noChain, undefined, chain ? `\`${name}\` is built in` : undefined);
  }
  draft.rename(name, to);
}

function setPolicy(draft: TableDraft, { chain: name, policy, counters }: Edit<"policy">): void {
  const chain = draft.chain(name);
  if (!chain?.hook) {
    const help = chain ? `\`${name}\` is user-defined: only built-in chains have a policy` : undefined;
    refuse(chain ? "bad-policy" : "no-such-chain", "Bad built-in chain name.", undefined, help);
  }
  if (policy !== "ACCEPT" && policy !== "DROP") {
    const message = "Bad policy name. Run `dmesg' for more information.";
    refuse("bad-policy", message, undefined, "a policy is ACCEPT or DROP");
  } else {
    draft.update(name, { policy, counters: counters ?? noCounters });
  }
}
