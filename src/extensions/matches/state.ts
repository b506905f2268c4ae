import { stateList } from "../../arg-types/connection-states.ts";
import { invertIf } from "../../formula/formula.ts";
import { hasState } from "../connection-state.ts";
import { defineMatch } from "../extension.ts";

export const state = defineMatch({
  name: "state",
  summary: "The connection's state; `-m conntrack --ctstate` is its successor",
  needsConntrack: true,
  options: {
    state: {
      arg: stateList,
      help: "INVALID, NEW, ESTABLISHED, RELATED or UNTRACKED, several with commas",
      invertible: true,
      required: true,
    },
  },
  meaning: ({ state: { value, inverted } }) => invertIf(inverted, hasState(value)),
  examples: [
    {
      rule: "-m state --state ESTABLISHED,RELATED -j ACCEPT",
      saves: "-m state --state RELATED,ESTABLISHED -j ACCEPT",
    },
    { rule: "-m state ! --state n", saves: "-m state ! --state NEW" },
    { rule: "-m state --state SNAT", refused: "bad-value" },
    { rule: "-m state --state NEW,", refused: "bad-value" },
    { rule: "-m state", refused: "option-missing" },
  ],
});
