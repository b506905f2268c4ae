import { visibleText } from "../diagnostics/visible-text.ts";
import type { Decision, Fate, Trace } from "../evaluate/trace.ts";
import { packetOfFrame } from "../packet/packet-of-frame.ts";
import { summarise } from "../packet/summary.ts";
import { packetLine } from "./packet-line.ts";
import { type PrintRule, viewRule } from "./rule-view.ts";
import type { Style } from "./style.ts";

const outcomes: Readonly<Record<Fate["outcome"], string>> = {
  delivered: "delivered to this host",
  forwarded: "forwarded",
  sent: "sent",
  dropped: "dropped",
  rejected: "dropped, and the sender told",
  queued: "handed to a program of the user's",
  held: "held until the other fragments come",
};

/** The last lines of a trace: the packets that left, then the verdict and who decided it. */
export function verdictLines(
  trace: Trace,
  { style, printRule }: { readonly style: Style; readonly printRule: PrintRule },
): readonly string[] {
  const { fate } = trace;
  const word = fate.verdict === "ACCEPT" ? style.good : style.bad;
  // where a packet got through, that was at the end
  const where = fate.hook && fate.verdict !== "ACCEPT" ? ` at ${fate.hook}` : "";
  const left = trace.events
    .filter((event) => event.kind === "emitted")
    .map(
      ({ device, frame }) =>
        `${style.strong("out")}     ${device}: ${packetLine(summarise(packetOfFrame(frame)))}`,
    );
  return [
    ...left,
    `${style.strong("verdict")} ${word(style.strong(fate.verdict))}${where}: ${outcomes[fate.outcome]}`,
    ...because(fate.decision, printRule).map((line, index) =>
      index === 0 ? `because ${line}` : `        ${line}`,
    ),
  ];
}

function because(decision: Decision, printRule: PrintRule): readonly string[] {
  switch (decision.kind) {
    case "rule": {
      const view = viewRule(decision.rule, decision, printRule);
      const place = view.file === undefined ? "" : `, ${visibleText(view.file)}:${view.line}`;
      return [`rule ${view.number} of ${view.table}/${view.chain}${place}`, visibleText(view.text)];
    }
    case "policy":
      return [`no rule decided: the policy of ${decision.table}/${decision.chain}`];
    case "host":
      return [visibleText(decision.reason)];
  }
}
