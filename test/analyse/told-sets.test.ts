import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { replayWords } from "../../src/analyse/witness/stage.ts";
import { parseIpsets } from "../../src/host/ipset/parse-ipsets.ts";
import { ToldSets } from "../../src/host/ipset/told-sets.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { parseAddress, printAddress } from "../../src/packet/address.ts";
import { netverdict } from "../cli/fake-terminal.ts";

const ipsets = readFileSync("fixtures/ipset/told/ipset-save.txt", "utf8");

const rangesOf = (name: string) => {
  const { ruleset } = parseRuleset("*filter\nCOMMIT\n", { family: "ipv4" });
  const read = parseIpsets(ipsets, "sets");
  expect(read.diagnostics).to.deep.equal([]);
  return new ToldSets(read.ipsets, ruleset).ranges(name);
};
const range = (low: string, high: string) => [parseAddress(low), parseAddress(high)];

describe("ipsets as sets of addresses", () => {
  it("are read where nothing can change them", () => {
    expect(rangesOf("admins")).to.deep.equal([range("10.0.0.5", "10.0.0.6")]);
    expect(rangesOf("nets")).to.deep.equal([
      range("10.1.0.0", "10.1.255.255"),
      range("192.0.2.0", "192.0.2.255"),
    ]);
    expect(rangesOf("blocks")).to.deep.equal([range("198.51.100.0", "198.51.100.255")]);
    expect(rangesOf("bits")).to.deep.equal([range("10.9.0.1", "10.9.0.1")]);
    expect(rangesOf("six")).to.deep.equal([range("2001:db8::5", "2001:db8::5")]);
  });

  it("are left open where time, exceptions or further dimensions decide", () => {
    for (const name of ["holes", "going", "pairs", "none"]) expect(rangesOf(name), name).to.equal(undefined);
  });

  it("hold just the addresses that the machine finds in them", () => {
    const { ipsets: told } = parseIpsets(ipsets, "sets");
    const names = ["admins", "nets", "blocks", "bits"];
    const near = [
      "10.0.0.4",
      "10.1.0.0",
      "10.1.255.255",
      "192.0.1.255",
      "198.51.100.200",
      "10.9.0.0",
      "10.9.0.1",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.constantFrom(...near), fc.nat(3), (name, base, plus) => {
        const address = Number(parseAddress(base)) + plus;
        const text = `*filter\n:INPUT DROP [0:0]\n-A INPUT -m set --match-set ${name} src -j ACCEPT\nCOMMIT\n`;
        const { ruleset } = parseRuleset(text, { family: "ipv4" });
        const words = `-i eth0 -p udp -s ${printAddress(address)} -d 203.0.113.9 --dport 9`;
        const verdict = replayWords(words, ruleset, 0, { sets: told })?.fate.verdict;
        const inside = rangesOf(name)?.some(([low, high]) => low <= address && address <= high);
        expect(verdict, words).to.equal(inside ? "ACCEPT" : "DROP");
      }),
    );
  });

  const rules = [
    "*filter",
    ":INPUT DROP [0:0]",
    "-A INPUT -m set --match-set admins src -p tcp -m tcp --dport 22 -j ACCEPT",
    "-A INPUT -m set --match-set holes src -j ACCEPT",
    "COMMIT",
    "",
  ].join("\n");

  const find = (...words: readonly string[]) =>
    netverdict(
      ["find", "rules.v4", "--verdict", "ACCEPT", "--snapshot", "fixtures/ipset/told", "--", ...words],
      {
        files: { "rules.v4": rules },
      },
    );

  it("decide in find, and the machine's sets agree", async () => {
    const found = await find("-i", "eth0", "-p", "tcp", "--dport", "22", "!", "-s", "10.0.0.5");
    expect(found.out, found.err).to.match(/packet {2}-i eth0 -p tcp -s 10\.0\.0\.6 /);
    expect(found.status).to.equal(0);
    const none = await find(
      "-i",
      "eth0",
      "-s",
      "11.0.0.0/8",
      "-p",
      "tcp",
      "--dport",
      "22",
      "-m",
      "set",
      "--match-set",
      "admins",
      "src",
    );
    expect(none.out).to.include("never");
    expect(none.status).to.equal(1);
  });
});
