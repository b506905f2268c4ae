import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { setFamilies } from "../../src/host/ipset/ipsets.ts";
import { parseIpsets } from "../../src/host/ipset/parse-ipsets.ts";
import { type Trial, tryRule } from "./try-rule.ts";

/**
 * What iptables-legacy 1.8.9 on Linux 6.18 made of a rule: what iptables-save prints behind `-A CHAIN`, or its complaint
 * without the version. A complaint that starts with `iptables: ` or `ip6tables: ` is the kernel's.
 */
type Golden = Trial &
  ({ readonly saves: string } | { readonly error: string }) & {
    /** What we print or say instead, where we differ and know it. */
    readonly ours?: string;
  };

const folder = new URL("../../fixtures/extensions/", import.meta.url);
const setsFile = new URL("../../fixtures/ipset/golden-sets.txt", import.meta.url);
const sets = setFamilies(parseIpsets(readFileSync(setsFile, "utf8")).ipsets);
const ofKernel = /^ip6?tables: /;

function ours(golden: Golden): string {
  const tried = tryRule({ ...golden, sets });
  if ("saves" in tried) return tried.saves;
  const kernel = tried.code === "kernel-refuses" || tried.code === "wrong-place";
  // the kernel gives iptables no reason, we do
  return kernel && "error" in golden && ofKernel.test(golden.error) ? golden.error : tried.message;
}

describe("what iptables made of rules", () => {
  for (const file of readdirSync(folder).sort()) {
    it(`is what we make of them: ${file}`, () => {
      const goldens: readonly Golden[] = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
      const differences = goldens.flatMap((golden) => {
        const expected = golden.ours ?? ("saves" in golden ? golden.saves : golden.error);
        const found = ours(golden);
        return found === expected ? [] : [{ ...golden, found }];
      });
      expect(differences).to.deep.equal([]);
    });
  }
});
