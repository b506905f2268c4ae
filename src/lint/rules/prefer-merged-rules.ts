import { printMeaning } from "../../model/rule-meaning.ts";
import { maskAddress, prefixLength, prefixMask, printAddress } from "../../packet/address.ts";
import { defineRule } from "../define-rule.ts";
import type { Found, LintContext } from "../rule.ts";
import { decisionOf, formulaOf, hasLeaf } from "../rule-facts.ts";
import { aboutRule, matchOf, type PlacedRule, placeOf, rulesOf } from "../rules-of.ts";

/** Ports that one `multiport` holds; a range takes two places (XT_MULTI_PORTS). */
const places = 15;
/** As few as this many rules are worth a word. */
const fewest = 3;

type Ports = readonly [low: number, high: number];

/** The rule's destination port and its text without it; `undefined` where it has none that `multiport` could hold. */
function portRule(placed: PlacedRule, context: LintContext): { ports: Ports; rest: string } | undefined {
  const dport = matchOf(placed.rule, "tcp", "udp")?.args["dport"];
  const value: unknown = dport?.value;
  if (!dport || dport.inverted || !Array.isArray(value)) return undefined;
  const [low, high] = value;
  if (typeof low !== "number" || typeof high !== "number" || (low === 0 && high === 65535)) return undefined;
  const text = printMeaning(placed.rule, context.ruleset.family);
  const rest = text.replace(/ --dport \S+/, "");
  return rest === text ? undefined : { ports: [low, high], rest };
}

const isPlain = (placed: PlacedRule, context: LintContext): boolean =>
  decisionOf(placed, context) !== undefined &&
  decisionOf(placed, context) !== "NAT" &&
  !hasLeaf(formulaOf(placed, context), "stateful", "unknown");

function portRuns(context: LintContext): readonly Found[] {
  const found: Found[] = [];
  let run: { placed: PlacedRule; ports: Ports }[] = [];
  let last: string | undefined;
  const close = (): void => {
    const [first, ...others] = run;
    const distinct = new Set(run.map(({ ports }) => ports.join(":"))).size;
    if (first && run.length >= fewest && distinct === run.length) {
      const list = run
        .map(({ ports: [low, high] }) => (low === high ? `${low}` : `${low}:${high}`))
        .join(",");
      const message = `${run.length} rules in a row differ in their port only; one rule with \`-m multiport --dports ${list}\` does the same`;
      const related = others.map(({ placed }) => placeOf(placed, context, "goes into the same rule"));
      found.push(aboutRule(first.placed, context, message, { related }));
    }
    run = [];
  };
  for (const placed of rulesOf(context.ruleset)) {
    const port = portRule(placed, context);
    const key = port && `${placed.table}/${placed.chain.name} ${port.rest}`;
    const width = [...run, ...(port ? [port] : [])].reduce(
      (sum, { ports: [low, high] }) => sum + (low === high ? 1 : 2),
      0,
    );
    if (key === undefined || key !== last || width > places) close();
    if (port && isPlain(placed, context)) run.push({ placed, ports: port.ports });
    last = key;
  }
  close();
  return found;
}

/** Two neighbours whose sources or destinations are the halves of one network. */
function halves(context: LintContext): readonly Found[] {
  const all = rulesOf(context.ruleset);
  return all.flatMap((placed, index) => {
    const before = all[index - 1];
    if (!before || before.chain !== placed.chain || !isPlain(placed, context)) return [];
    for (const end of ["source", "destination"] as const) {
      const [a, b] = [before.rule.spec[end], placed.rule.spec[end]];
      const length = b && prefixLength(b.value.mask);
      // two hosts in a row are two hosts to people
      if (length === (context.ruleset.family === "ipv4" ? 32 : 128)) continue;
      if (!a || !b || a.inverted || b.inverted || !length || a.value.mask !== b.value.mask) continue;
      const mask = prefixMask(context.ruleset.family, length - 1);
      const whole = maskAddress(b.value.address, mask);
      if (a.value.address === b.value.address || whole !== maskAddress(a.value.address, mask)) continue;
      const option = end === "source" ? / -s \S+|^-s \S+/ : / -d \S+|^-d \S+/;
      const [text, other] = [before, placed].map(({ rule }) =>
        printMeaning(rule, context.ruleset.family).replace(option, ""),
      );
      if (text !== other) continue;
      const network = `${printAddress(whole)}/${length - 1}`;
      const message = `this rule and the one before it cover the two halves of \`${network}\`; one rule for it does the same`;
      return [aboutRule(placed, context, message, { related: [placeOf(before, context, "the other half")] })];
    }
    return [];
  });
}

export const preferMergedRules = defineRule({
  id: "NV305",
  name: "prefer-merged-rules",
  level: "style",
  summary: "Rules in a row that one rule could replace",
  why: "Three rules that differ only in a port, or two whose networks are the halves of one, say in many lines what one line says, and every packet that matches none of them pays for each.",
  exceptions: "Rules whose counters are read one by one, or that are kept apart for their comments.",
  bad: [
    "*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp --dport 80 -j ACCEPT\n-A INPUT -p tcp --dport 443 -j ACCEPT\nCOMMIT\n",
    "*filter\n-A INPUT -s 10.0.0.0/25 -j DROP\n-A INPUT -s 10.0.0.128/25 -j DROP\nCOMMIT\n",
  ],
  good: [
    "*filter\n-A INPUT -p tcp -m multiport --dports 22,80,443 -j ACCEPT\nCOMMIT\n",
    "*filter\n-A INPUT -s 10.0.1.0/25 -j DROP\n-A INPUT -s 10.0.0.128/25 -j DROP\nCOMMIT\n",
  ],
  check: (context) => [...portRuns(context), ...halves(context)],
});
