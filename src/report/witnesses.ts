import { placeText } from "../analyse/rule-hits.ts";
import type { NoWitness, RuleWitness } from "../analyse/rule-witnesses.ts";
import { visibleText } from "../diagnostics/visible-text.ts";
import type { PrintRule } from "./rule-view.ts";

/** What `witness` found. */
export interface WitnessResult {
  readonly rules: string;
  readonly family: "ipv4" | "ipv6";
  /** When the first packet is sent, in seconds since 1970. */
  readonly now: number;
  /** A rule looks at the clock. */
  readonly asksTime: boolean;
  readonly found: readonly RuleWitness[];
  readonly assumptions: readonly string[];
}

export type Shown = Extract<RuleWitness, { readonly witness: unknown }>;

export const isShown = (one: RuleWitness): one is Shown => "witness" in one;

/** `filter/INPUT:4: -A INPUT -p tcp -j ACCEPT` */
export const ruleName = ({ place, rule }: RuleWitness, printRule: PrintRule): string =>
  `${placeText(place)}: ${printRule(rule, place.chain)}`;

/** Why there is no packet for a rule, for people. */
export function whyWords(none: NoWitness): string {
  switch (none.kind) {
    case "impossible":
      return "no packet can match it: its conditions contradict each other";
    case "not-reached":
      return "no packet gets there";
    case "taken-before":
      return "the rules before it take every packet that it would match";
    case "depends":
      return `no packet is known to match it: it depends on ${none.on.map((text) => visibleText(text)).join(", ")}`;
    case "apart":
      return "its packet needs a host of its own: --format checks has it";
    case "not-shown":
      return "packets match it, but none could be shown on a host that nobody described";
  }
}

/** `57 of 60 rules have a witness` */
export function summaryWords({ found }: WitnessResult): string {
  const shown = found.filter(isShown).length;
  return `${shown} of ${found.length} rules have a witness`;
}
