import { jumpOf } from "../../model/rule-target.ts";
import { aboutChain } from "../chain-facts.ts";
import { defineRule } from "../define-rule.ts";

export const noUnusedChain = defineRule({
  id: "NV109",
  name: "no-unused-chain",
  level: "info",
  summary: "A user-defined chain that no rule jumps to",
  why: "The rules of a chain that nothing refers to never see a packet. Either the jump was forgotten, and with it what the chain should keep out, or the chain is a leftover.",
  exceptions:
    "Chains that a program fills and hooks in when it needs them (Docker, fail2ban, ufw, firewalld).",
  bad: ["*filter\n:ssh - [0:0]\n-A ssh -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n"],
  good: [
    "*filter\n:ssh - [0:0]\n-A INPUT -p tcp --dport 22 -j ssh\n-A ssh -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n",
  ],
  check: (context) =>
    [...context.ruleset.tables.values()].flatMap((table) => {
      const used = new Set([...table.chains.values()].flatMap((chain) => chain.rules.map(jumpOf)));
      return [...table.chains.values()]
        .filter((chain) => chain.hook === undefined && !used.has(chain.name))
        .map((chain) => {
          const rules = chain.rules.length;
          const holds =
            rules === 0 ? "it is empty" : `its ${rules === 1 ? "rule sees" : `${rules} rules see`} no packet`;
          return aboutChain(
            table,
            chain,
            context,
            `no rule jumps to chain \`${chain.name}\` of ${table.name}: ${holds}; add the jump or delete the chain`,
          );
        });
    }),
});
