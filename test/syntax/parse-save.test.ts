import { expect } from "chai";
import { parseText } from "../../src/syntax/parse.ts";
import { parseSave } from "../../src/syntax/parse-save.ts";

/** The nodes between `*filter` and `COMMIT`. */
function inTable(lines: string) {
  const text = `*filter\n${lines}\nCOMMIT\n`;
  const { tree, diagnostics } = parseSave({ name: "test", text });
  return { text, nodes: tree.nodes.slice(1, -1), diagnostics };
}

function wordsOfLine(line: string): readonly string[] {
  const [node] = inTable(line).nodes;
  if (node?.kind !== "rule-line") throw new Error(`${line} is ${node?.kind}`);
  return node.words.map((word) => word.text);
}

describe("parseSave", () => {
  describe("cuts words as iptables-legacy-restore 1.8.9 does", () => {
    const words: readonly [string, readonly string[]][] = [
      ['"a \\"b\\" c"', ['a "b" c']],
      ["'it''s'", ["'it''s'"]],
      ["'a b'", ["'a", "b'"]],
      ['""', [""]],
      ['"x"y', ["x", "y"]],
      ['x"y"', ["xy"]],
      ['"a""b"', ["a", "b"]],
      ["a\\ b", ["a\\", "b"]],
      ["a\\b", ["a\\b"]],
      ['"a\\b"', ["ab"]],
      ['"a\\\\b"', ["a\\b"]],
      ['"a\'b"', ["a'b"]],
      ["x\ty  ", ["x", "y"]],
      ['"#x" # y', ["#x", "#", "y"]],
      ['"$HOME"', ["$HOME"]],
    ];
    for (const [written, read] of words) {
      it(written, () => expect(wordsOfLine(`-A INPUT ${written}`)).to.deep.equal(["-A", "INPUT", ...read]));
    }
  });

  it("gives words their exact place, quotes included", () => {
    const { text, nodes } = inTable('[1:2] -A INPUT ! -s "10.0.0.1" x"y z"');
    const node = nodes[0]!;
    expect(
      node.kind === "rule-line" && node.words.map(({ span }) => text.slice(span.start, span.end)),
    ).to.deep.equal(["-A", "INPUT", "!", "-s", '"10.0.0.1"', 'x"y z"']);
    expect(node.kind === "rule-line" && node.words.map(({ quoted }) => quoted)).to.deep.equal([
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  describe("reads counters as iptables-legacy-restore -c does", () => {
    const counters: readonly [string, readonly [bigint, bigint] | undefined][] = [
      ["[1:2]-A INPUT", [1n, 2n]],
      ["[ 1:2 ] -A INPUT", [1n, 2n]],
      ["[1x:2x] -A INPUT", [1n, 2n]],
      ["[1:2:3] -A INPUT", [1n, 2n]],
      ["[0x10:010] -A INPUT", [0n, 10n]],
      ["[-1:+2] -A INPUT", [18446744073709551615n, 2n]],
      [
        "[18446744073709551615:18446744073709551616] -A INPUT",
        [18446744073709551615n, 18446744073709551615n],
      ],
      ["[1:] -A INPUT", undefined],
      ["[a:b] -A INPUT", undefined],
      ["-A INPUT", undefined],
    ];
    for (const [line, pair] of counters) {
      it(line, () => {
        const [node] = inTable(line).nodes;
        if (node?.kind !== "rule-line") throw new Error(`${node?.kind}`);
        expect(node.counters && [node.counters.packets, node.counters.bytes]).to.deep.equal(pair);
      });
    }
  });

  describe("reads chain lines", () => {
    const chains: readonly [string, string, string, bigint | undefined][] = [
      [":INPUT DROP [5:6]", "INPUT", "DROP", 5n],
      [":foo -", "foo", "-", undefined],
      [": foo\t-\t[1:2]", "foo", "-", 1n],
      [':"foo - [0:0]', '"foo', "-", 0n],
    ];
    for (const [line, name, policy, packets] of chains) {
      it(line, () => {
        const { nodes, diagnostics } = inTable(line);
        const node = nodes[0]!;
        expect(diagnostics).to.deep.equal([]);
        if (node.kind !== "chain") throw new Error(node.kind);
        expect([node.name.text, node.policy.text, node.counters?.packets]).to.deep.equal([
          name,
          policy,
          packets,
        ]);
      });
    }
  });

  describe("says what is wrong, once and at its place", () => {
    const wrong: readonly [line: string, code: string, place: string, kind: string][] = [
      ["garbage", "syntax-error", "garbage", "error"],
      ["INPUT -A INPUT", "syntax-error", "INPUT", "error"],
      ["COMMITX", "syntax-error", "COMMITX", "error"],
      ["commit", "syntax-error", "commit", "error"],
      ["[1:2]", "syntax-error", "[1:2]", "error"],
      ["[12] -A INPUT", "syntax-error", "[12]", "error"],
      ["[1:2]x -A INPUT", "syntax-error", "x", "error"],
      [" [1:2] -A INPUT", "syntax-error", "[", "rule-line"],
      [" :foo -", "syntax-error", ":", "chain"],
      [":", "syntax-error", ":", "error"],
      [":foo", "syntax-error", ":foo", "error"],
      [":foo - [0:0] x", "unexpected-value", "x", "chain"],
      [":INPUT DROP 5:6", "bad-value", "5:6", "chain"],
      ["  # x", "syntax-error", "# x", "comment"],
      [" \t", "syntax-error", " \t", "blank"],
      ['-A INPUT "x', "syntax-error", '"', "error"],
      [`-A INPUT ${"x".repeat(1024)}`, "syntax-error", "x".repeat(1024), "error"],
      [`-A INPUT${" -4".repeat(250)}`, "syntax-error", "-4", "error"],
    ];
    for (const [line, code, place, kind] of wrong) {
      it(JSON.stringify(line.slice(0, 40)), () => {
        const { text, nodes, diagnostics } = inTable(`${line}\n-A OUTPUT -j ACCEPT`);
        expect(diagnostics.map(({ code: found }) => found)).to.deep.equal([code]);
        const { span } = diagnostics[0]!;
        expect(text.slice(span.start, span.end)).to.equal(place);
        expect(nodes.map((node) => node.kind)).to.deep.equal([kind, "rule-line"]);
      });
    }
  });

  it("takes the longest lines and words that iptables-restore takes", () => {
    for (const line of [
      `-A INPUT ${"x".repeat(1023)}`,
      `-A INPUT${" -4".repeat(249)}`,
      "-A INPUT".padEnd(10239),
    ]) {
      expect(inTable(line).diagnostics).to.deep.equal([]);
    }
    expect(inTable("-A INPUT".padEnd(10240)).diagnostics).to.have.lengthOf(1);
  });

  it("misses COMMIT at the table that lacks it", () => {
    const { tree, diagnostics } = parseSave({ name: "test", text: "*filter\n-A INPUT\n*nat\n" });
    expect(diagnostics.map(({ code, span }) => [code, span.start])).to.deep.equal([
      ["missing-commit", 17],
      ["missing-commit", 17],
    ]);
    expect(tree.nodes.map(({ kind }) => kind)).to.deep.equal(["table", "rule-line", "table"]);
  });

  it("refuses lines outside of a table", () => {
    const { tree, diagnostics } = parseSave({ name: "test", text: "-A INPUT\nCOMMIT\n:INPUT DROP\n" });
    expect(tree.nodes.map(({ kind }) => kind)).to.deep.equal(["error", "error", "error"]);
    expect(diagnostics).to.have.lengthOf(3);
  });

  it("takes CR LF, with one warning for the file", () => {
    const { tree, diagnostics } = parseText({
      name: "test",
      text: "*filter\r\n-A INPUT -j ACCEPT\r\nCOMMIT\r\n",
    });
    expect(diagnostics.map(({ code, severity }) => [code, severity])).to.deep.equal([
      ["line-ending", "warning"],
    ]);
    const rule = tree.nodes[1]!;
    expect(rule.kind === "rule-line" && rule.words.at(-1)?.text).to.equal("ACCEPT");
  });

  it("warns of a COMMIT without line end, which iptables-restore refuses", () => {
    const { tree, diagnostics } = parseSave({ name: "test", text: "*filter\nCOMMIT" });
    expect(tree.nodes.map(({ kind }) => kind)).to.deep.equal(["table", "commit"]);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(["line-ending"]);
  });
});
