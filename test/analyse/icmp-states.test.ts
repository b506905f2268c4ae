import { expect } from "chai";
import { analyse } from "../../src/analyse/analyse.ts";
import { replayWords } from "../../src/analyse/witness/stage.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import type { Family } from "../../src/packet/address.ts";

/** Rules for ICMP types behind the ones for states, as many scripts have them. */
function behindStates(family: Family, types: readonly number[]) {
  const match = family === "ipv4" ? "-p icmp -m icmp --icmp-type" : "-p ipv6-icmp -m icmp6 --icmpv6-type";
  const text = [
    "*filter",
    ":INPUT DROP [0:0]",
    "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-A INPUT -m conntrack --ctstate INVALID -j DROP",
    ...types.map((type) => `-A INPUT ${match} ${type} -j ACCEPT`),
    "COMMIT",
    "",
  ].join("\n");
  return parseRuleset(text, { family, filename: "rules" }).ruleset;
}

const matchedTypes = (family: Family, types: readonly number[]): readonly number[] =>
  types.filter((_, index) => analyse(behindStates(family, types)).rules()[index + 2]?.isMatched);

describe("states of ICMP packets", () => {
  it("are NEW for requests alone: errors and answers that belong to nothing are INVALID", () => {
    expect(matchedTypes("ipv4", [0, 3, 4, 5, 8, 11, 12, 13, 14, 15, 17, 18, 19])).to.deep.equal([
      8, 13, 15, 17,
    ]);
  });

  it("are likewise in IPv6, where neighbour discovery and listeners' messages are UNTRACKED", () => {
    expect(matchedTypes("ipv6", [1, 3, 128, 129, 134, 136, 137, 139, 140, 141, 143, 151, 152])).to.deep.equal(
      [128, 134, 136, 139, 143, 151, 152],
    );
  });

  it("are what the machine's conntrack says", () => {
    const types = [0, 3, 8, 11, 13, 14, 18];
    const ruleset = behindStates("ipv4", types);
    const accepted = types.filter((type) => {
      const words = `-i eth0 -s 198.51.100.7 -d 192.0.2.1 -p icmp --icmp-type ${type}`;
      return replayWords(words, ruleset, 1767225600)?.fate.verdict === "ACCEPT";
    });
    expect(accepted).to.deep.equal(matchedTypes("ipv4", types));
  });
});
