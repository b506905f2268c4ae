import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { findingFormats } from "../../src/report/print-findings.ts";
import { netverdict } from "./fake-terminal.ts";

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly files: string;
}

const hooks: readonly Hook[] = parse(readFileSync(".pre-commit-hooks.yaml", "utf8"));
const filesOf = (id: string): RegExp => new RegExp(hooks.find((hook) => hook.id === id)?.files ?? "^$");

describe(".pre-commit-hooks.yaml", () => {
  for (const { id, entry } of hooks) {
    it(`${id} runs a command that there is`, async () => {
      const [program, ...words] = entry.split(" ");
      expect(program).to.equal("netverdict");
      expect(await netverdict([...words, "--help"])).to.have.property("status", 0);
    });
  }

  it("takes rules for rules, and nothing else", () => {
    const rules = filesOf("netverdict-lint");
    for (const name of [
      "rules.v4",
      "etc/iptables/rules.v6",
      "host.rules",
      "a.save",
      "iptables.sh",
      "iptables-save",
    ])
      expect(name).to.match(rules);
    for (const name of ["iptables.md", "docs/iptables-howto.txt", "rules.v4.bak", "rules.py"])
      expect(name).not.to.match(rules);
    expect("tests/edge.policy.netverdict.yaml").to.match(filesOf("netverdict-check"));
    expect("policy.yaml").not.to.match(filesOf("netverdict-check"));
  });
});

describe("action.yml", () => {
  const action = parse(readFileSync("action.yml", "utf8"));

  it("hands every input to the command, none of them through the shell's eyes", () => {
    const { env, run } = action.runs.steps.at(-1);
    const inputs = Object.keys(action.inputs);
    const handed = Object.values<string>(env).map((value) => /inputs\.([\w-]+)/.exec(value)?.[1]);
    expect(handed.toSorted()).to.deep.equal(inputs.toSorted());
    expect(run).not.to.include("${{");
  });

  it("has a format by default that lint knows", () => {
    expect(findingFormats).to.include(action.inputs.format.default);
  });
});
