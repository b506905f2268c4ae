import { flag } from "../../arg-types/arg-type.ts";
import { connectionLabel } from "../../arg-types/connection-label.ts";
import { and, invertIf, stateful } from "../../formula/formula.ts";
import { hasEntry } from "../connection-state.ts";
import { defineMatch } from "../extension.ts";
import { kernelRefuses } from "../problem.ts";

/** XT_CONNLABEL_MAXBIT */
const lastBit = 127;

export const connlabel = defineMatch({
  name: "connlabel",
  summary: "Labels of a connection, one bit each; with --set it puts the label on and then matches",
  needsConntrack: true,
  remembers: true,
  options: {
    label: {
      arg: connectionLabel,
      help: "the label, by number or by its name in connlabel.conf",
      invertible: true,
      required: true,
    },
    set: { arg: flag, help: "put it on the connection" },
  },
  check({ label: { value } }) {
    if (typeof value === "string" || value <= lastBit) return [];
    return [kernelRefuses(`labels are numbered from 0 to ${lastBit}`, { option: "label" })];
  },
  // connlabel_mt; a label may come on between two rules, so that no two of them ask the same
  meaning: ({ label: { value, inverted }, set }) =>
    invertIf(
      inverted,
      and(
        hasEntry,
        stateful(`${set ? "sets" : "has"} label ${value}`, () => ({ packet: { tracking } }) => {
          const labels = tracking?.kind === "tracked" ? tracking.connection.labels : undefined;
          if (set) labels?.add(value);
          return labels?.has(value) ?? false;
        }),
      ),
    ),
  examples: [
    { rule: "-m connlabel --label 3 -j ACCEPT", saves: '-m connlabel --label "3" -j ACCEPT' },
    { rule: "-m connlabel ! --label 0x5 --set", saves: '-m connlabel ! --label "5" --set' },
    { rule: "-m connlabel --label 128", refused: "kernel-refuses" },
    { rule: "-m connlabel --set", refused: "option-missing" },
  ],
});
