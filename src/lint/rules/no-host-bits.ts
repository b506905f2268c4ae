import { parseMask, parseNumericAddress } from "../../arg-types/ip-text.ts";
import { maskAddress, printAddress } from "../../packet/address.ts";
import { defineRule } from "../define-rule.ts";
import type { Found, LintContext } from "../rule.ts";
import { aboutRule, type PlacedRule, rulesOf } from "../rules-of.ts";

const networks =
  /(?<=^|\s)(?:-s|-d|--source|--src|--destination|--dst)(?:\s+|=)(["']?)([0-9a-fA-F.:/,]+)\1(?=\s|$)/g;

function inRule(placed: PlacedRule, context: LintContext): readonly Found[] {
  const { origin } = placed.rule;
  if (!origin) return [];
  const { source, span } = origin;
  const { family } = context.ruleset;
  const found: Found[] = [];
  for (const match of source.text.slice(span.start, span.end).matchAll(networks)) {
    let at = span.start + match.index + match[0].lastIndexOf(match[2] ?? "");
    for (const part of (match[2] ?? "").split(",")) {
      const [host = "", length] = part.split("/");
      const address = parseNumericAddress(host, family);
      const mask = length === undefined ? undefined : parseMask(length, family);
      if (address !== undefined && mask !== undefined && BigInt(mask) !== 0n) {
        const network = maskAddress(address, mask);
        if (network !== address) {
          const right = `${printAddress(network)}/${length}`;
          const place = { start: at, end: at + part.length };
          const message = `\`${part}\` has bits behind its mask, which iptables cuts off; write \`${right}\`, or \`${host}\` if one host is meant`;
          const fix = { description: `write \`${right}\``, edits: [{ source, span: place, text: right }] };
          found.push({ ...aboutRule(placed, context, message, { fix }), place: { source, span: place } });
        }
      }
      at += part.length + 1;
    }
  }
  return found;
}

export const noHostBits = defineRule({
  id: "NV302",
  name: "no-host-bits",
  level: "warning",
  summary: "An address with bits behind its mask",
  why: "`-s 10.0.0.5/24` looks as if it were about one host and is about 256: iptables cuts off what the mask does not cover, without a word.",
  exceptions: "None: `10.0.0.0/24` says the same to iptables and the truth to people.",
  bad: ["*filter\n-A INPUT -s 10.0.0.5/24 -j ACCEPT\nCOMMIT\n"],
  good: ["*filter\n-A INPUT -s 10.0.0.0/24 -j ACCEPT\n-A INPUT -s 10.0.0.5/32 -j ACCEPT\nCOMMIT\n"],
  check(context) {
    const told = new Set<number>();
    return rulesOf(context.ruleset).flatMap((placed) => {
      const start = placed.rule.origin?.span.start;
      if (start === undefined || told.has(start)) return [];
      told.add(start);
      return inRule(placed, context);
    });
  },
});
