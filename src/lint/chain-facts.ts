import { walkChain } from "../model/reach.ts";
import type { Chain, Table } from "../model/ruleset.ts";
import { parseText } from "../syntax/parse.ts";
import type { Node, Tree, Word } from "../syntax/tree.ts";
import type { Found, LintContext, LintPlace } from "./rule.ts";
import type { PlacedRule } from "./rules-of.ts";

const trees = new WeakMap<LintContext, Tree>();

function treeOf(context: LintContext): Tree {
  let tree = trees.get(context);
  if (!tree) {
    tree = parseText(context.source).tree;
    trees.set(context, tree);
  }
  return tree;
}

/** Where a chain is declared, or gets its policy; else its first rule, else the start of the text. */
export function placeOfChain(table: Table, chain: Chain, context: LintContext): LintPlace {
  const { source, ruleset } = context;
  const program = ruleset.family === "ipv4" ? "iptables" : "ip6tables";
  const word = declarationIn(treeOf(context).nodes, table.name, chain.name, program);
  const span = word?.span ?? chain.rules[0]?.origin?.span ?? { start: 0, end: 0 };
  return { source, span };
}

const declaring = /^(?:-N|--new-chain|--new|-P|--policy)$/;

function declarationIn(
  nodes: readonly Node[],
  table: string,
  chain: string,
  program: string,
): Word | undefined {
  let current: string | undefined;
  for (const node of nodes) {
    if (node.kind === "table") current = node.name.text;
    if (node.kind === "chain" && current === table && node.name.text === chain) return node.name;
    if (node.kind === "restore" && node.program === program) {
      const found = declarationIn(node.body, table, chain, program);
      if (found) return found;
    }
    if (node.kind !== "command" || node.program !== program) continue;
    const at = node.words.findIndex((word) => declaring.test(word.text));
    const named = node.words[at + 1];
    const option = node.words.findIndex((word) => word.text === "-t" || word.text === "--table");
    const own = option < 0 ? "filter" : node.words[option + 1]?.text;
    if (at >= 0 && named?.text === chain && own === table) return named;
  }
  return undefined;
}

/** A finding about a whole chain. */
export function aboutChain(
  table: Table,
  chain: Chain,
  context: LintContext,
  message: string,
  related: readonly LintPlace[] = [],
): Found {
  const place = placeOfChain(table, chain, context);
  const about = { table: table.name, chain: chain.name };
  return { message, place, about, subject: `${table.name} chain ${chain.name}`, related, assumptions: [] };
}

/** The chains that a packet can get to from these, through jumps that stand before any unconditional end. */
export function chainsFrom(table: Table, starts: readonly string[]): readonly Chain[] {
  const found = new Map<string, Chain>();
  const pending = [...starts];
  while (pending.length > 0) {
    const chain = table.chains.get(pending.pop() ?? "");
    if (!chain || found.has(chain.name)) continue;
    found.set(chain.name, chain);
    for (const { target } of walkChain(chain).jumps) pending.push(target.chain);
  }
  return [...found.values()];
}

/** The rules of a chain and of all chains below it that can be reached by the text alone. */
export function rulesFrom(table: Table, start: string): readonly PlacedRule[] {
  return chainsFrom(table, [start]).flatMap((chain) =>
    chain.rules
      .slice(0, walkChain(chain).live)
      .map((rule, index) => ({ table: table.name, chain, number: index + 1, rule })),
  );
}
