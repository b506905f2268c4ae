import { defineTarget } from "../extension.ts";

export const drop = defineTarget({
  name: "DROP",
  summary: "Throws the packet away without a word",
  options: {},
  check(_, { table }) {
    if (table !== "nat") return [];
    const message = 'The "nat" table is not intended for filtering, the use of DROP is therefore inhibited.';
    return [{ code: "wrong-place", message, help: "drop in the filter, mangle or raw table" }];
  },
  effects: () => [{ kind: "verdict", verdict: "DROP" }],
  examples: [
    { rule: "-p tcp -j DROP", saves: "=" },
    { rule: "-j DROP", at: "mangle/PREROUTING", saves: "=" },
    { rule: "-j DROP", at: "nat/PREROUTING", refused: "wrong-place" },
  ],
});
