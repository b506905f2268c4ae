import { NumberList } from "./number-list.ts";
import { printRule } from "./print-rule.ts";
import type { Rule } from "./ruleset.ts";

/** What `-D` and `-C` compare: all of a rule but its counters. */
const identities = new WeakMap<Rule, string>();
function identity(rule: Rule): string {
  let text = identities.get(rule);
  if (text === undefined) {
    const { spec } = rule;
    const isIpv6 = [spec.source, spec.destination].some((end) => typeof end?.value.address === "bigint");
    // `! -i +` and `! -o +` are not printed
    const hidden = [spec.inInterface, spec.outInterface].map((name) => name?.value === "+");
    text = `${printRule(rule, "", isIpv6 ? "ipv6" : "ipv4")} ${hidden.join()}`;
    identities.set(rule, text);
  }
  return text;
}

/** Equal rules have the same number of 16 bits; few others have it. */
function digest({ spec, matches, target }: Rule): number {
  const { source, destination, protocol } = spec;
  let number = matches.length;
  for (const end of [source, destination]) {
    number = Math.imul(number, 31) + (end ? Number(BigInt.asIntN(32, BigInt(end.value.address))) : 7);
  }
  number = Math.imul(number, 31) + (protocol?.value ?? 256);
  number = Math.imul(number, 31) + (target.kind === "jump" || target.kind === "goto" ? 1 : 0);
  return (number ^ (number >>> 16)) & 0xffff;
}

/** By list of rules, for lists in which a rule was looked for. */
const digests = new WeakMap<readonly Rule[], NumberList>();

/** The 0-based place of the first rule that iptables takes for the same; -1 where there is none. */
export function indexOfRule(rules: readonly Rule[], wanted: Rule): number {
  let known = digests.get(rules);
  // a draft appends to its lists in place
  if (known === undefined || known.length !== rules.length) {
    known = new NumberList(Uint16Array.from(rules, digest));
    digests.set(rules, known);
  }
  const wantedDigest = digest(wanted);
  for (let at = known.indexOf(wantedDigest); at >= 0; at = known.indexOf(wantedDigest, at + 1)) {
    if (identity(rules[at]!) === identity(wanted)) return at;
  }
  return -1;
}

/** Tells that `after` is `before`, perhaps the very same list, with `added` in the place of some rules at `index`. */
export function carryDigests(
  before: readonly Rule[],
  after: readonly Rule[],
  index: number,
  removed: number,
  added: readonly Rule[],
): void {
  const known = digests.get(before);
  if (known === undefined) return;
  if (known.length - removed + added.length !== after.length) {
    digests.delete(after);
    return;
  }
  const numbers = added.map(digest);
  if (before === after) known.splice(index, removed, numbers);
  else digests.set(after, known.spliced(index, removed, numbers));
}

/** Tells that a list was changed in place otherwise. */
export function forgetDigests(rules: readonly Rule[]): void {
  digests.delete(rules);
}
