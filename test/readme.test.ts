import { readFileSync } from "node:fs";
import { expect } from "chai";
import { splitShellWords } from "../src/syntax/shell-words.ts";
import { netverdict } from "./cli/fake-terminal.ts";

const readme = readFileSync("README.md", "utf8");
const blocks = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = "", text = ""]) => ({
  language,
  text,
}));

/** The words behind `npx netverdict` of each shell block that runs it. */
const commands = blocks
  .filter(({ language }) => language === "sh")
  .flatMap(({ text }) => [...text.matchAll(/npx netverdict (.*)$/gm)].map(([, words = ""]) => words));

describe("README.md", () => {
  it("opens with a command and what it really prints", async () => {
    const { status, out } = await netverdict(splitShellWords(commands[0] ?? ""));
    expect(status).to.equal(0);
    expect(blocks[1]?.text).to.equal(out);
  });

  it("shows only commands that work", async () => {
    expect(commands.length).to.be.above(1);
    for (const words of commands)
      expect((await netverdict(splitShellWords(words))).status, words).to.equal(0);
  });

  it("links to files that are there", () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = ""]) => path);
    expect(links).to.include("ARCHITECTURE.md");
    for (const path of links) expect(() => readFileSync(path), path).not.to.throw();
  });
});
