import { expect } from "chai";
import { splitShellWords, wordsOf } from "../../src/syntax/shell-words.ts";

describe("shell words", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["-i eth0  -p\ttcp\n--syn", ["-i", "eth0", "-p", "tcp", "--syn"]],
    ['--string "a \\"b\\"" \'it is\' c\\ d', ["--string", 'a "b"', "it is", "c d"]],
    ["'' \"\"", ["", ""]],
    ["$x #y * ; a|b", ["$x", "#y", "*", ";", "a|b"]],
    ["! -s 10.0.0.0/8", ["!", "-s", "10.0.0.0/8"]],
    ["", []],
  ];
  for (const [text, words] of cases) {
    it(JSON.stringify(text), () => expect(splitShellWords(text)).to.deep.equal(words));
  }

  it("says where a quote stays open", () => {
    const { words, diagnostics } = wordsOf({ name: "packet", text: "-p tcp 'x" });
    expect(words.map(({ text }) => text)).to.deep.equal(["-p", "tcp"]);
    expect(diagnostics.map(({ code, span }) => [code, span.start])).to.deep.equal([["syntax-error", 7]]);
  });
});
