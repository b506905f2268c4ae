import { expect } from "chai";
import { InputError } from "../../src/cli/exit-status.ts";
import { parsePolicyFile } from "../../src/cli/policy-file.ts";

const head = "version: 1\nrules: rules.v4\n";

function faults(text: string): readonly string[] {
  try {
    parsePolicyFile(text, "p.yaml");
  } catch (error) {
    if (error instanceof InputError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("parsePolicyFile", () => {
  it("reads checks of sets with the places of their words", () => {
    const text = `${head}checks:\n  - only: "-i eth0"\n    from: [$a, 10.0.0.1]\n    path: INPUT\ngroups: { a: 10.0.0.0/8 }\n`;
    const policy = parsePolicyFile(text, "dir/p.yaml");
    expect(policy.rules).to.deep.equal(["dir/rules.v4"]);
    expect(policy.groups.get("a")).to.deep.equal(["10.0.0.0/8"]);
    const [check] = policy.checks;
    if (check?.kind !== "only") throw new Error("no check of a set");
    expect(check.name).to.equal("only -i eth0");
    expect(check.from?.list).to.deep.equal(["$a", "10.0.0.1"]);
    expect(check.path).to.equal("INPUT");
    expect(text.slice(check.words.offset).startsWith("-i eth0")).to.equal(true);
  });

  it("gives folded words a source of their own", () => {
    const policy = parsePolicyFile(`${head}checks:\n  - deny: >-\n      -i eth0\n      -p tcp\n`, "p.yaml");
    const [check] = policy.checks;
    if (check?.kind !== "deny") throw new Error("no check of a set");
    expect(check.words).to.deep.equal({
      text: "-i eth0 -p tcp",
      source: { name: "p.yaml (deny -i eth0 -p tcp)", text: "-i eth0 -p tcp" },
      offset: 0,
    });
  });

  it("reads packets, flows and counters", () => {
    const policy = parsePolicyFile(
      `${head}allow-unknown: true\nchecks:\n  - packet: "-i eth0"\n    expect: { verdict: DROP }\n` +
        `  - flow: ["-i eth0", { reply: true, repeat: 2 }]\n    counters: { "filter/INPUT:1": 3 }\n    allow-unknown: false\n`,
      "p.yaml",
    );
    const [packet, flow] = policy.checks;
    if (packet?.kind !== "flow" || flow?.kind !== "flow") throw new Error("no flows");
    expect(packet.steps.map((step) => step.expectation)).to.deep.equal([{ verdict: "DROP" }]);
    expect(packet.allowUnknown).to.equal(true);
    expect(flow.steps.map((step) => step.packet.kind)).to.deep.equal(["text", "reply", "reply"]);
    expect(flow.counters.map(({ place, packets }) => [place, packets])).to.deep.equal([
      ["filter/INPUT:1", 3],
    ]);
    expect(flow.allowUnknown).to.equal(false);
  });

  const wrong: readonly [string, string, readonly RegExp[]][] = [
    [
      "a version that is not 1",
      "version: 2\nrules: r\nchecks: [{ deny: '-i a' }]",
      [/p\.yaml:1:10: .*version: 1/],
    ],
    [
      "two assertions",
      `${head}checks:\n  - accept: "-i a"\n    deny: "-i b"\n`,
      [/4:5: expected exactly one of .*accept and deny/],
    ],
    ["no assertion", `${head}checks:\n  - name: x\n`, [/4:5: expected exactly one of/]],
    ["`only` without `from`", `${head}checks:\n  - only: "-i a"\n`, [/4:5: `only` needs `from`/]],
    [
      "`expect` with a set",
      `${head}checks:\n  - deny: "-i a"\n    expect: { verdict: DROP }\n`,
      [/5:13: `expect` belongs to packet/],
    ],
    ["a misspelt key", `${head}checks:\n  - deny: "-i a"\n    nmae: x\n`, [/5:5: unknown key `nmae`/]],
    [
      "a bad rule",
      `${head}checks:\n  - packet: "-i a"\n    expect: { rule: INPUT }\n`,
      [/5:21: expected e\.g\. "filter/],
    ],
    ["broken YAML", "version: [", [/^p\.yaml:1:/]],
  ];
  for (const [what, text, messages] of wrong) {
    it(`names ${what}`, () => {
      const found = faults(text);
      for (const [index, message] of messages.entries()) expect(found[index]).to.match(message);
    });
  }
});
