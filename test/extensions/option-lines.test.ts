import { readFileSync } from "node:fs";
import { expect } from "chai";
import { setFamilies } from "../../src/host/ipset/ipsets.ts";
import { parseIpsets } from "../../src/host/ipset/parse-ipsets.ts";
import { type Trial, tryRule } from "./try-rule.ts";

/** What iptables-legacy 1.8.9 on Linux 6.18 said of generated option lines (npm run test:options -- --record). */
type Line = Trial & ({ readonly saves: string } | { readonly refused: true });

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), "utf8");

describe("generated option lines", () => {
  const lines: readonly Line[] = JSON.parse(fixture("option-lines.json"));
  const sets = setFamilies(parseIpsets(fixture("ipset/golden-sets.txt")).ipsets);

  it("are accepted, refused and printed as iptables does", () => {
    expect(lines.length).to.be.greaterThan(1000);
    const differences = lines.flatMap((line) => {
      const tried = tryRule({ ...line, sets });
      const found = "saves" in tried ? tried.saves : undefined;
      const expected = "saves" in line ? line.saves : undefined;
      return found === expected ? [] : [{ ...line, found }];
    });
    expect(differences).to.deep.equal([]);
  });
});
