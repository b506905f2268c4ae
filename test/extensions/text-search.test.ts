import { expect } from "chai";
import fc from "fast-check";
import { foldingBoyerMoore, foldingSearch, plainSearch } from "../../src/extensions/text-search.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("text search", () => {
  it("finds the first place from an offset on", () => {
    expect(plainSearch(bytes("ab"))(bytes("xxabab"), 0)).to.equal(2);
    expect(plainSearch(bytes("ab"))(bytes("xxabab"), 3)).to.equal(4);
    expect(plainSearch(bytes("ab"))(bytes("xxaba"), 3)).to.equal(-1);
    expect(foldingSearch(bytes("GeT"))(bytes("..gEt"), 0)).to.equal(2);
  });

  it("finds the same in either way as long as the letters are ASCII", () => {
    const letters = fc.array(fc.constantFrom(..."aAbB \u00e9\u00c9"), { minLength: 1, maxLength: 6 });
    const texts = fc.array(fc.constantFrom(..."aAbB \u00e9\u00c9"), { maxLength: 40 });
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const [needle, hay] = [bytes(pattern.join("")), bytes(text.join(""))];
        expect(foldingBoyerMoore(needle)(hay, 0)).to.equal(foldingSearch(needle)(hay, 0));
      }),
    );
  });

  it("overlooks with Boyer-Moore, as Linux does, what a small letter without a capital one hides", () => {
    // recorded: `--algo bm --icase --hex-string |ffc0|`
    const hay = Uint8Array.of(0xbf, 0xff, 0xc0);
    expect(foldingSearch(Uint8Array.of(0xff, 0xc0))(hay, 0)).to.equal(1);
    expect(foldingBoyerMoore(Uint8Array.of(0xff, 0xc0))(hay, 0)).to.equal(-1);
  });
});
