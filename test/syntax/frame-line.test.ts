import { expect } from "chai";
import fc from "fast-check";
import { frameLine } from "../../src/syntax/frame-line.ts";
import { parseLine } from "../../src/syntax/parse-save.ts";
import { lexSaveLine } from "../../src/syntax/save-lexer.ts";

const tokensOf = (line: string) => lexSaveLine(line, 0, line.length).tokens;

describe("the lines that frame a dump's rules", () => {
  it("are read as iptables-save writes them", () => {
    const lines = ["", "# Completed on Sat", "*filter", ":INPUT ACCEPT [1:40]", ":USER - [0:0]", "COMMIT"];
    const kinds = lines.map((line) => frameLine(tokensOf(line))?.kind);
    expect(kinds).to.deep.equal(["blank", "comment", "table", "chain", "chain", "commit"]);
  });

  it("are what the grammar makes of them, or are left to it", () => {
    const part = fc.constantFrom(
      "*",
      ":",
      "#",
      "COMMIT",
      "nat",
      "-",
      "-A",
      "[1:2]",
      "[x]",
      '"a b"',
      "!",
      " ",
      "\t",
    );
    const line = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));
    let framed = 0;
    fc.assert(
      fc.property(line, (text) => {
        const frame = frameLine(tokensOf(text));
        if (frame === undefined) return;
        framed++;
        expect(frame, text).to.deep.equal(parseLine(tokensOf(text)));
      }),
      { numRuns: 2000 },
    );
    expect(framed).to.be.greaterThan(100);
  });
});
