import { expect } from "chai";
import fc from "fast-check";
import { JumpGraph } from "../../src/model/jump-graph.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import type { Rule } from "../../src/model/ruleset.ts";
import { emptyTable, TableDraft } from "../../src/model/table-draft.ts";

const users = ["a", "b", "c", "d"];
const builtin = ["INPUT", "FORWARD", "OUTPUT"];

/** A rule that jumps nowhere, to be given targets. */
const bare: Rule = parseRuleset("*filter\n-A INPUT -p tcp\nCOMMIT\n", { family: "ipv4" })
  .ruleset.tables.get("filter")!
  .chains.get("INPUT")!.rules[0]!;

type Jumps = readonly (readonly [from: string, to: string])[];

function draftOf(jumps: Jumps): TableDraft {
  const draft = new TableDraft(emptyTable("filter"));
  for (const chain of users) draft.addChain(chain);
  for (const [from, chain] of jumps) draft.append(from, bare.with({ target: { kind: "jump", chain } }));
  return draft;
}

/** All chains that lie before one, by trying every jump until nothing is new. */
function reachedFrom(start: string, jumps: Jumps): ReadonlySet<string> {
  const reached = new Set([start]);
  for (let size = 0; size !== reached.size; ) {
    size = reached.size;
    for (const [from, to] of jumps) if (reached.has(from)) reached.add(to);
  }
  return reached;
}

const jumps = fc.array(
  fc.tuple(fc.constantFrom(...builtin, ...users), fc.constantFrom(...users, "nowhere")),
  { maxLength: 10 },
);

describe("JumpGraph", () => {
  it("knows the hooks from which a chain is reached", () => {
    fc.assert(
      fc.property(jumps, (all) => {
        const graph = new JumpGraph(draftOf(all));
        for (const chain of [...builtin, ...users]) {
          const hooks = builtin.filter((hook) => reachedFrom(hook, all).has(chain));
          expect(graph.hooksOf(chain)).to.deep.equal(hooks);
        }
      }),
    );
  });

  it("finds a jump that leads back to its own chain, if a packet can get there", () => {
    let loops = 0;
    fc.assert(
      fc.property(jumps, (all) => {
        const live = new Set(builtin.flatMap((hook) => [...reachedFrom(hook, all)]));
        const closing = all.filter(([from, to]) => live.has(from) && reachedFrom(to, all).has(from));
        const found = new JumpGraph(draftOf(all)).findLoop();
        expect(found === undefined).to.equal(closing.length === 0);
        if (found === undefined) return;
        loops++;
        expect(closing).to.deep.include([found.chain, found.rule.target.chain]);
      }),
    );
    expect(loops).to.be.greaterThan(0);
  });
});
