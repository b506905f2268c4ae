import { defineRule } from "../define-rule.ts";

/** What keeps nobody from loading the rest, or is told by a rule of its own. */
const elsewhere: ReadonlySet<string> = new Set(["unknown-match", "unknown-target", "not-modelled"]);

export const noRefusedRule = defineRule({
  id: "NV401",
  name: "no-refused-rule",
  level: "error",
  summary: "A line that iptables or the kernel refuses",
  why: "iptables-restore loads a table whole or not at all: one refused line and the host runs with the rules it had, or with none. A script goes on behind the refused command, with a hole where the rule should be.",
  exceptions: "None. The findings' texts name the [diagnostic](../diagnostics.md) behind them.",
  bad: ["*filter\n-A INPUT --dport 22 -j ACCEPT\nCOMMIT\n", "*filter\n-A INPUT -j MASQUERADE\nCOMMIT\n"],
  good: ["*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"],
  check: ({ diagnostics }) =>
    diagnostics
      .filter(({ severity, code }) => severity === "error" && !elsewhere.has(code))
      .map(({ code, message, help, source, span }) => ({
        message: `${message}${help === undefined ? "" : `; ${help}`} (${code})`,
        place: { source, span },
        subject: `${code} ${source.text.slice(span.start, span.end)}`,
        related: [],
        assumptions: [],
      })),
});
