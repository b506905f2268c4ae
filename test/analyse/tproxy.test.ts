import { expect } from "chai";
import { analyse } from "../../src/analyse/analyse.ts";
import { equals } from "../../src/formula/formula.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { fields } from "../../src/packet/fields.ts";

describe("packets that TPROXY gives to a socket", () => {
  const tproxy = "-p tcp -j TPROXY --on-port 3129 --tproxy-mark 1";
  const nat = "*nat\n-A PREROUTING -m mark --mark 1 -j DNAT --to-destination 10.0.0.9\nCOMMIT\n";
  for (const [name, rules] of [
    ["itself", `-A PREROUTING ${tproxy}`],
    ["in a chain", `:divert - [0:0]\n-A PREROUTING -j divert\n-A divert ${tproxy}`],
  ] as const) {
    it(`are not forwarded, but come to the nat table before: ${name}`, () => {
      const { ruleset } = parseRuleset(`*mangle\n${rules}\nCOMMIT\n${nat}`, { family: "ipv4" });
      const analysis = analyse(ruleset);
      const { space } = analysis;
      const tcp = space.set(equals(fields.protocol, 6));
      const accepted = (path: "INPUT" | "FORWARD") => space.union(analysis.path(path).accepted);
      expect(space.disjoint(accepted("INPUT"), tcp)).to.equal(false);
      expect(space.disjoint(accepted("FORWARD"), tcp)).to.equal(true);
      const translating = analysis.rules().find(({ table }) => table === "nat");
      const forwarded = space.and(tcp, space.domain("FORWARD"));
      expect(translating?.matchedOf(forwarded)).not.to.equal(0);
    });
  }
});
