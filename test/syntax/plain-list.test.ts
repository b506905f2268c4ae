import { expect } from "chai";
import fc from "fast-check";
import { parseList, plainList } from "../../src/syntax/parse-script.ts";
import { nextStatement } from "../../src/syntax/shell-lexer.ts";

const tokensOf = (text: string) => nextStatement(text, 0).tokens;

describe("statements of a script that are nothing but words", () => {
  it("are what the grammar makes of them, and others are left to it", () => {
    const part = fc.constantFrom(
      "iptables",
      "-A",
      "!",
      "A=1",
      "'a b'",
      "$X",
      "2>",
      ">",
      "|",
      "&&",
      "x",
      "#y",
      "10.0.0.0/8",
    );
    const statement = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(" "));
    let plain = 0;
    fc.assert(
      fc.property(statement, (text) => {
        const list = plainList(tokensOf(text));
        if (list === undefined) return;
        plain++;
        expect(list, text).to.deep.equal(parseList(tokensOf(text)));
      }),
      { numRuns: 2000 },
    );
    expect(plain).to.be.greaterThan(100);
  });
});
