import { expect } from "chai";
import { freshScenario, freshScenarios } from "./fresh-scenario.ts";

describe("fresh scenarios of one kind", () => {
  it("are the first of the seed's that have it, under their own names", () => {
    const all = [...freshScenarios("kinds", 30, { family: undefined, backend: undefined })];
    const six = [...freshScenarios("kinds", 5, { family: "ipv6", backend: "legacy" })];
    expect(all.map(([name]) => name).slice(0, 2)).to.deep.equal(["kinds-1", "kinds-2"]);
    const isSix = all.filter(([, { family, backend }]) => family === "ipv6" && backend !== "nft");
    expect(six).to.deep.equal(isSix.slice(0, 5));
    for (const [name, scenario] of six) expect(scenario).to.deep.equal(freshScenario(name));
  });
});
