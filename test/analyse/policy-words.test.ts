import { expect } from "chai";
import { expandAddresses, type Groups } from "../../src/analyse/policy-groups.ts";
import { readPacketWords } from "../../src/analyse/policy-words.ts";
import { describeFormula } from "../../src/formula/explain.ts";

const groups: Groups = new Map([
  ["admins", ["10.20.0.0/16", "10.30.0.5"]],
  ["all", ["$admins", "192.0.2.0/24"]],
  ["one", ["192.0.2.7"]],
  ["loop", ["$loop"]],
]);

const read = (text: string) => readPacketWords(text, { family: "ipv4", groups });
const meaning = (text: string): string => {
  const { value, diagnostics } = read(text);
  expect(diagnostics).to.deep.equal([]);
  return value ? describeFormula(value.formula) : "";
};

describe("readPacketWords", () => {
  it("reads words as a rule's", () => {
    expect(meaning("-i eth0 -p tcp --dport 22")).to.match(
      /incoming interface is eth0 and protocol is 6 .*destination port is 22/,
    );
  });

  it("takes interfaces for the way that the packets take", () => {
    expect(read("-i eth0").value?.paths).to.deep.equal(["INPUT"]);
    expect(read("-o eth0").value?.paths).to.deep.equal(["OUTPUT"]);
    expect(read("-i eth0 -o eth1").value?.paths).to.deep.equal(["FORWARD"]);
    expect(read("-p udp").value?.paths).to.deep.equal(["INPUT", "FORWARD", "OUTPUT"]);
  });

  it("puts groups in, groups of groups too", () => {
    expect(meaning("-s $admins")).to.equal(meaning("-s 10.20.0.0/16,10.30.0.5"));
    expect(meaning("-d $all")).to.equal(meaning("-d 10.20.0.0/16,10.30.0.5,192.0.2.0/24"));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a group in braces
    expect(meaning("-s ${one},192.0.2.9")).to.equal(meaning("-s 192.0.2.7,192.0.2.9"));
  });

  it("inverts a list, which iptables cannot", () => {
    expect(meaning("-p udp ! -s $admins")).to.match(
      /protocol is 17.* and not \(.*10\.20.*\) and not \(.*10\.30/,
    );
    expect(meaning("! -s $one")).to.match(/^not \(source address is 192\.0\.2\.7/);
  });

  const refused: readonly [string, string, RegExp][] = [
    ["-p tcp --dprot 22", "unknown-option", /dprot/],
    ["-s $admin", "bad-value", /no group is called `admin`/],
    ["-s $loop", "bad-value", /holds itself/],
    ["-p tcp -j DROP", "option-conflict", /no target/],
    ["-p 'tcp", "syntax-error", /not closed/],
    ["-s 10.0.0.300", "bad-value", /10\.0\.0\.300/],
  ];
  for (const [text, code, message] of refused) {
    it(`refuses ${text}`, () => {
      const { value, diagnostics } = read(text);
      expect(value).to.equal(undefined);
      expect(diagnostics[0]?.code).to.equal(code);
      expect(diagnostics[0]?.message).to.match(message);
    });
  }

  it("points into the text that holds the words", () => {
    const source = { name: "policy.yaml", text: 'accept: "-p tcp --dport none"' };
    const { diagnostics } = readPacketWords("-p tcp --dport none", { family: "ipv4", source, offset: 9 });
    const span = diagnostics[0]?.span;
    expect(source.text.slice(span?.start, span?.end)).to.equal("none");
  });
});

describe("expandAddresses", () => {
  it("keeps addresses as they stand", () => {
    expect(expandAddresses(["10.0.0.1, 10.0.0.2", "$one"], groups)).to.deep.equal([
      "10.0.0.1",
      "10.0.0.2",
      "192.0.2.7",
    ]);
  });
});
