import { expect } from "chai";
import type { ArgSite } from "../../src/arg-types/arg-type.ts";
import { matches, targets } from "../../src/extensions/registry.ts";
import { shellWords } from "./try-rule.ts";

describe("the extensions' options", () => {
  for (const extension of [...matches, ...targets]) {
    it(`${extension.name}: parsing what an option prints gives its value back`, () => {
      const family = extension.validIn?.families?.[0] ?? "ipv4";
      for (const [name, { arg }] of Object.entries(extension.options)) {
        const site: ArgSite = { family, protocol: 6, extension: extension.name, option: name };
        expect(arg.samples, name).not.to.be.empty;
        for (const sample of arg.samples) {
          const printed = arg.print(sample, site);
          // iptables-restore knows no quote but the double one
          const words = shellWords(printed.replace(/\\'/g, "'")).map(({ text }) => text);
          if (arg.words === 1 && printed === '""') words.splice(0, 1, "");
          const read = arg.parse(words, site);
          expect(read.ok && read.value, `--${name} ${printed}`).to.deep.equal(sample);
        }
      }
    });
  }
});
