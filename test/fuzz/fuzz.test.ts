import { expect } from "chai";
import { complaint } from "./account.ts";
import { corpus, makeInput } from "./inputs.ts";
import { Chance } from "./random.ts";

const runs = 2000;

describe("fuzzing", () => {
  it(`accounts for every line of ${runs} inputs: random bytes, hard words, mutated rule sets`, () => {
    const texts = corpus();
    expect(texts).not.to.have.length(0);
    for (let run = 0; run < runs; run++) {
      const chance = new Chance(run);
      const text = makeInput(chance, texts);
      const family = chance.below(4) === 0 ? "ipv6" : "ipv4";
      expect(complaint(text, family), `run ${run}: ${JSON.stringify(text)}`).to.equal(undefined);
    }
  });
});
