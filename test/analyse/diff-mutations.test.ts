import { readFileSync } from "node:fs";
import { expect } from "chai";
import { compareRulesets } from "../../src/analyse/diff-compare.ts";
import { visibleFate } from "../../src/analyse/diff-fates.ts";
import { replayWords } from "../../src/analyse/witness/stage.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import type { Ruleset } from "../../src/model/ruleset.ts";
import { type Mutation, mutationsOf } from "./mutations.ts";
import { packetsFor } from "./random-packets.ts";

/**
 * The law of diff: it finds a difference exactly where some packet fares differently. Packets are tried on the machine, which
 * knows nothing of sets; where diff finds more than they do, its own packet must show the difference on the machine.
 */

const rulesets = ["bastion", "container-host", "home-gateway", "laptop", "web-server", "home-router"];
const mutationsEach = 22;
const packetsEach = 20;
const now = 1767225600;

const textOf = (name: string): string =>
  readFileSync(
    `fixtures/rulesets/${name}/${name === "home-gateway" ? "rules.v4" : "canonical.save"}`,
    "utf8",
  );

/** One packet at one moment shows nothing of a rule for other hours. */
const isBeyondOnePacket = (text: string, { name }: Mutation): boolean => {
  const line = Number(/line (\d+)/.exec(name)?.[1]);
  return / -m time /.test(text.split("\n")[line - 1] ?? "");
};

/** `undefined` where iptables would refuse the text. */
function read(text: string): Ruleset | undefined {
  const { ruleset, diagnostics } = parseRuleset(text, { family: "ipv4" });
  return diagnostics.some(({ severity }) => severity === "error") ? undefined : ruleset;
}

function packetThatDiffers(
  before: Ruleset,
  after: Ruleset,
  mutation: Mutation,
  seed: number,
): string | undefined {
  return packetsFor(mutation.text, packetsEach, seed).find((words) => {
    const one = replayWords(words, before, now);
    const other = replayWords(words, after, now);
    return one !== undefined && other !== undefined && visibleFate(one) !== visibleFate(other);
  });
}

describe("diff of mutated rule sets", () => {
  for (const [index, name] of rulesets.entries()) {
    const text = textOf(name);
    const before = read(text);
    for (const mutation of mutationsOf(name, text, mutationsEach, 7 + index)) {
      if (isBeyondOnePacket(text, mutation)) continue;
      it(mutation.name, function () {
        const after = read(mutation.text);
        if (before === undefined || after === undefined) return this.skip();
        const found = packetThatDiffers(before, after, mutation, index);
        const { groups, entries } = compareRulesets(before, after, { limit: 0 });
        if (found !== undefined) expect(groups, found).to.be.above(0);
        if (groups === 0) return;
        // what hangs on a memory or on bytes that sets do not see is said to, and one packet alone need not show it
        const open = entries.filter(({ example, hangsOn }) => !example?.confirmed && hangsOn.length === 0);
        const shown = entries.length > open.length;
        expect(shown || found !== undefined, entries[0]?.example?.words).to.equal(true);
      });
    }
  }
});
