import { placeText } from "../../analyse/rule-hits.ts";
import { lineTableOf } from "../../diagnostics/line-table.ts";
import type { Fate } from "../../evaluate/trace.ts";
import { placeOfChain } from "../chain-facts.ts";
import { defineRule } from "../define-rule.ts";
import { keptOf, type LockOut, lockOuts } from "../lock-out.ts";
import type { Found, LintContext } from "../rule.ts";

function byWhat({ decision }: Fate): string {
  switch (decision.kind) {
    case "rule":
      return placeText(decision);
    case "policy":
      return `the policy of ${decision.table}/${decision.chain}`;
    case "host":
      return "the host";
  }
}

function found(words: string, { span, until, witness }: LockOut, context: LintContext): Found {
  const { source } = context;
  const lines = lineTableOf(source);
  const { fate } = witness.played.trace;
  const when = span ? "from this command on" : "with these rules";
  const end =
    span === undefined ? "" : until ? `, until line ${lines.lineOf(until.start)}` : ", and for good";
  const table = context.ruleset.tables.get("filter");
  const chain = table?.chains.get(witness.path);
  const rule = fate.decision.kind === "rule" ? fate.decision.rule.origin?.span : undefined;
  const start = table && chain ? placeOfChain(table, chain, context).span : { start: 0, end: 1 };
  return {
    message: `${when} packets of the kept session \`${words}\` do not get through${end}: \`${witness.story.words}\` meets ${fate.verdict} by ${byWhat(fate)}; accept them before`,
    place: { source, span: span ?? rule ?? start },
    subject: `lock-out ${words}`,
    related: [],
    assumptions: [],
  };
}

export const noLockOut = defineRule({
  id: "NV207",
  name: "no-lock-out",
  level: "error",
  summary: "A command after which a session that is to be kept does not get through",
  why: 'A script is loaded command by command: `-P INPUT DROP` before the rule for ssh ends the very session that runs it, even where the last state is fine. `--keep` (or `keep` in `.netverdict.yaml`, or `# netverdict keep=…` in the script) names a session in iptables\' match words, e.g. `--keep "-i eth0 -s 10.0.0.5 -p tcp --dport 22"`. After every single command it is looked whether its packets are accepted: new connections, going on with them, and the answers on the way back. A dump is loaded as a whole, and looked at once.',
  exceptions:
    "Write the words as narrow as your session is: without `-i`, packets on every interface are meant. What depends on a `limit` or another memory is not held against a rule. Without `--keep` the rule finds nothing.",
  bad: [
    "# netverdict keep=-i eth0 -s 10.0.0.5 -p tcp --dport 22\niptables -P INPUT DROP\niptables -A INPUT -p tcp --dport 22 -s 10.0.0.0/8 -j ACCEPT\n",
    "# netverdict keep=-i eth0 -s 10.0.0.5 -p tcp --dport 22\niptables -A INPUT -p tcp --dport 22 -j ACCEPT\niptables -P OUTPUT DROP\n",
    "# netverdict keep=-i eth0 -s 10.0.0.5 -p tcp --dport 22\n*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 2222 -j ACCEPT\nCOMMIT\n",
  ],
  good: [
    "# netverdict keep=-i eth0 -s 10.0.0.5 -p tcp --dport 22\niptables -A INPUT -p tcp --dport 22 -s 10.0.0.0/8 -j ACCEPT\niptables -P INPUT DROP\n",
    "iptables -P INPUT DROP\n",
  ],
  check(context) {
    return keptOf(context).flatMap((kept): readonly Found[] => {
      const outs = lockOuts(kept, context);
      if (typeof outs !== "string") return outs.map((one) => found(kept.words, one, context));
      const span = kept.span ?? { start: 0, end: 1 };
      const message = `the session to keep, \`${kept.words}\`, is not written in match words: ${outs}`;
      const place = { source: context.source, span };
      return [{ message, place, subject: `keep ${kept.words}`, related: [], assumptions: [] }];
    });
  },
});
