import { expect } from "chai";
import { nodeOf } from "../../src/extensions/cluster-node.ts";
import { parseAddress } from "../../src/packet/address.ts";

/** Which of five nodes a live Linux 6.18 let a packet from this source fall to. */
const recorded: readonly (readonly [source: string, seed: number, node: number])[] = [
  ["10.0.0.1", 0, 0],
  ["10.0.0.1", 0xdeadbeef, 1],
  ["10.0.0.2", 0, 0],
  ["10.0.0.2", 0xdeadbeef, 0],
  ["10.0.0.3", 0, 1],
  ["10.0.0.3", 0xdeadbeef, 0],
  ["10.0.0.4", 0, 4],
  ["10.0.0.4", 0xdeadbeef, 4],
  ["10.0.0.5", 0, 2],
  ["10.0.0.5", 0xdeadbeef, 4],
  ["10.0.0.6", 0, 2],
  ["10.0.0.6", 0xdeadbeef, 2],
  ["2001:db8::7", 0, 3],
  ["2001:db8::7", 0xdeadbeef, 2],
  ["2001:db8::9", 0, 3],
  ["2001:db8::9", 0xdeadbeef, 2],
  ["2001:db8::abcd", 0, 3],
  ["2001:db8::abcd", 0xdeadbeef, 2],
  ["2001:db8::1234", 0, 3],
  ["2001:db8::1234", 0xdeadbeef, 2],
];

describe("cluster", () => {
  it("sends connections to the node that the kernel does", () => {
    for (const [source, seed, node] of recorded) {
      expect(nodeOf(parseAddress(source)!, 5, seed), `${source} ${seed}`).to.equal(node);
    }
  });
});
