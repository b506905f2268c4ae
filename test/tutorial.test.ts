import { readFileSync } from "node:fs";
import { expect } from "chai";
import { splitShellWords } from "../src/syntax/shell-words.ts";
import { netverdict } from "./cli/fake-terminal.ts";

const tutorial = readFileSync("docs/tutorial.md", "utf8");

/** Each command with the text that stands behind it. */
const steps = [...tutorial.matchAll(/^```sh\nnpx netverdict (.*)\n```\n\n```\n([\s\S]*?)^```$/gm)].map(
  ([, words = "", shown = ""]) => ({ words, shown }),
);

describe("docs/tutorial.md", () => {
  it("has nothing to run but what is run here", () => {
    expect(steps).to.have.length(6);
    expect(tutorial.match(/^```sh$/gm)).to.have.length(steps.length);
  });

  for (const { words, shown } of steps) {
    it(`shows what netverdict ${words.split(" ")[0]} prints`, async () => {
      const { out, err } = await netverdict(splitShellWords(words));
      expect(err).to.equal("");
      expect(out).to.equal(shown);
    });
  }

  it("shows the policy that it runs", () => {
    expect(tutorial).to.contain(`\`\`\`yaml\n${readFileSync("fixtures/tutorial/policy.yaml", "utf8")}\`\`\``);
  });

  it("links to files that are there", () => {
    const links = [...tutorial.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = ""]) => path);
    expect(links.length).to.be.above(5);
    for (const path of links) expect(() => readFileSync(`docs/${path}`), path).not.to.throw();
  });
});
