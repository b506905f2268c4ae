import { choice } from "../../arg-types/choice.ts";
import { integer } from "../../arg-types/integer.ts";
import { probability, probabilityScale } from "../../arg-types/probability.ts";
import { stateful } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";
import { badValue, missing } from "../problem.ts";

const max = 2 ** 32 - 1;

export const statistic = defineMatch({
  name: "statistic",
  summary: "Some of the packets: a share at random, or every nth",
  remembers: true,
  options: {
    mode: {
      arg: choice(["random", "nth"], { exactCase: true, message: (text) => `Bad mode "${text}"` }),
      help: "how the packets are chosen; it must be given",
    },
    probability: {
      arg: probability,
      help: "the share of packets that match (mode random)",
      invertible: true,
      excludes: ["every", "packet"],
    },
    every: {
      arg: integer({ min: 1, max }),
      help: "one packet of so many (mode nth)",
      invertible: true,
      excludes: ["probability"],
      requires: ["packet"],
    },
    packet: {
      arg: integer({ min: 0, max }),
      help: "how many packets pass before the first match (mode nth)",
      excludes: ["probability"],
      requires: ["every"],
    },
  },
  check({ mode, probability: share, every, packet }) {
    // libxt_statistic looks at the mode's options first, as if it were the first of the modes
    if (mode?.value !== "nth" && !share) {
      return [missing("--probability must be specified when using random mode")];
    }
    if (!mode) return [missing('statistic: option "--mode" must be specified')];
    if (mode.value === "nth" && !every && !packet) {
      return [missing("--every and --packet must be specified when using nth mode")];
    }
    if (packet && packet.value >= (every?.value ?? 1)) {
      return [badValue("the --packet p must be 0 <= p <= n-1", { option: "packet" })];
    }
    return [];
  },
  meaning({ probability: share, every, packet }) {
    if (share) {
      const drawn = share.value / probabilityScale;
      const probability = share.inverted ? 1 - drawn : drawn;
      return stateful(`a share of ${drawn} at random`, (world) => () => world.chance(probability));
    }
    const cycle = every?.value ?? 1;
    return stateful(`every ${cycle}th packet`, () => {
      let left = packet?.value ?? 0;
      return () => {
        const due = left === 0;
        left = due ? cycle - 1 : left - 1;
        return due !== (every?.inverted ?? false);
      };
    });
  },
  examples: [
    {
      rule: "-m statistic --mode random --probability 0.33 -j DROP",
      saves: "-m statistic --mode random --probability 0.33000000007 -j DROP",
    },
    {
      rule: "-m statistic --mode nth --packet 0 --every 3",
      saves: "-m statistic --mode nth --every 3 --packet 0",
    },
    { rule: "-m statistic --mode random --probability 1.1", refused: "bad-value" },
    { rule: "-m statistic --mode nth --every 2 --packet 2", refused: "bad-value" },
    { rule: "-m statistic --mode nth --every 2", refused: "option-missing" },
    { rule: "-m statistic --mode random", refused: "option-missing" },
  ],
});
