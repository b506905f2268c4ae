import { expect } from "chai";
import { matches } from "../../src/extensions/registry.ts";
import { changedByMatches } from "../../src/formula/requirements.ts";
import { changesOfPacket } from "./match-packet.ts";
import { placeOfExample } from "./save-line.ts";

/** An index says which rules a packet may match before any of them was asked. */
describe("a match changes nothing of a packet that requirements are read of", () => {
  const may = new Set([...changedByMatches].map(({ name }) => name));
  it("which would be noticed: -m cluster takes packets to a group's MAC in", () => {
    const rule = "-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 1";
    const place = { table: "filter", chain: "INPUT", family: "ipv4" } as const;
    expect(changesOfPacket(rule, place, "-p udp -d 192.0.2.1")).to.deep.equal(["packet type"]);
  });

  for (const match of matches) {
    it(match.name, () => {
      for (const example of match.examples) {
        if ("refused" in example) continue;
        const place = placeOfExample(match, example);
        const v4 = [
          "-p tcp -s 192.0.2.1 -d 192.0.2.2 --dport 80",
          "-p icmp -d 224.0.0.5",
          "-p udp --dport 53",
        ];
        const v6 = ["-p tcp -s 2001:db8::1 -d ff02::1 --dport 80"];
        const others = place.family === "ipv4" ? v4 : v6;
        for (const packet of "packet" in example ? [example.packet] : others) {
          const changed = changesOfPacket(example.rule, place, packet);
          expect(changed.filter((name) => !may.has(name))).to.deep.equal([]);
        }
      }
    });
  }
});
