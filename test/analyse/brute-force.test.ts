import { expect } from "chai";
import fc from "fast-check";
import { bruteForce } from "./hold/brute-force.ts";
import { smallRules } from "./hold/small-rules.ts";
import { smallWorld } from "./hold/small-world.ts";

/**
 * Packet sets against brute force: a world in which every packet is run, answers and ICMP errors among them. For
 * each fate, deciding rule, NAT result, mark, connmark and TOS that occur, the sets have to hold exactly the packets that the
 * machine gives it.
 *
 * BRUTE_RULESETS asks more rule sets than a test run has time for.
 */
const asked = process.env["BRUTE_RULESETS"];

/** What random rule sets have shown. First: a connection's packet that comes again has been translated at both ends, its first one had not. */
const met = [
  `*nat
-A PREROUTING -p udp -m udp ! --dport 22 -m conntrack ! --ctstate SNAT -j DNAT --to-destination 192.0.2.1:80
-A INPUT -j SNAT --to-source 192.0.2.1
COMMIT
`,
  `*nat
-A OUTPUT -s 192.0.2.1 -m conntrack ! --ctstate SNAT -j DNAT --to-destination 203.0.113.10
-A POSTROUTING -d 203.0.113.10 -j MASQUERADE
COMMIT
`,
  `*mangle
-A POSTROUTING ! -p icmp -m conntrack --ctstate SNAT -j MARK --set-xmark 0x2/0x2
COMMIT
*nat
-A PREROUTING ! -d 192.0.2.1 -p tcp --syn -m conntrack --ctstate NEW -j DNAT --to-destination 10.0.0.9
-A POSTROUTING -p tcp -m multiport --dports 22,8080 -j MASQUERADE
COMMIT
`,
  // an expected connection's mapping is made with it, changed by it or not: no NAT rule sees its packets
  `*raw
-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp
-A OUTPUT -p tcp -m tcp --dport 21 -j CT --helper ftp
COMMIT
*nat
-A PREROUTING -p tcp -j REDIRECT --to-ports 8080
COMMIT
`,
  // ICMP ids are drawn like ports, which makes a connection translated whose addresses stay
  `*nat
-A OUTPUT -d 203.0.113.10 -j DNAT --to-destination 10.0.0.9
-A POSTROUTING -m conntrack --ctstate NEW -j SNAT --to-source 192.0.2.1 --random
COMMIT
`,
];

describe(`packet sets against all ${smallWorld.length} packets of a small world`, () => {
  it("are equal to the machine's where they once were not", function () {
    this.timeout(0);
    for (const text of met) expect(bruteForce(text, "ipv4")?.differences, text).to.deep.equal([]);
  });

  for (const [family, backend, usual] of [
    ["ipv4", "legacy", 3],
    ["ipv6", "legacy", 2],
    ["ipv4", "nft", 1],
    ["ipv6", "nft", 1],
  ] as const) {
    const rulesets = asked === undefined ? usual : Number(asked);
    it(`are equal to the machine's, with NAT, marks and TOS: ${family}, ${backend}`, function () {
      this.timeout(0);
      let packets = 0;
      let fates = 0;
      fc.assert(
        fc.property(smallRules, (text) => {
          const found = bruteForce(text, family, backend);
          fc.pre(found !== undefined);
          packets += found.packets;
          fates += found.fates;
          expect(found.differences, text).to.deep.equal([]);
        }),
        { numRuns: rulesets, endOnFailure: true },
      );
      expect(packets).to.be.above((rulesets * smallWorld.length) / 4);
      expect(fates).to.be.above(4 * rulesets);
      if (asked !== undefined) console.log(`      ${rulesets} rule sets, ${packets} packets, ${fates} fates`);
    });
  }
});
