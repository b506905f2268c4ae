// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the scripts hold shell variables
import { expect } from "chai";
import { formOf } from "../../src/syntax/parse.ts";
import { parseScript } from "../../src/syntax/parse-script.ts";
import type { Node } from "../../src/syntax/tree.ts";

const read = (text: string) => {
  const { tree, diagnostics } = parseScript({ name: "test", text });
  return { nodes: tree.nodes, diagnostics };
};

const argvOf = (nodes: readonly Node[]): readonly string[] =>
  nodes.flatMap((node) =>
    node.kind === "command" ? `${node.program} ${node.words.map(({ text }) => text).join("|")}` : [],
  );

describe("parseScript", () => {
  describe("follows", () => {
    const followed: readonly [script: string, ...argv: string[]][] = [
      ["iptables -A INPUT -j ACCEPT # why", "iptables -A|INPUT|-j|ACCEPT"],
      ["sudo -n /usr/sbin/ip6tables-legacy -w 5 -F", "ip6tables -w|5|-F"],
      ["sudo -u root env A=b iptables-nft -F", "iptables -F"],
      ["exec iptables -F", "iptables -F"],
      [
        "ip6tables -j DNAT --to-destination [2001:db8::1]:80",
        "ip6tables -j|DNAT|--to-destination|[2001:db8::1]:80",
      ],
      ["A=[2001:db8::1]\nip6tables -j SNAT --to $A:80", "ip6tables -j|SNAT|--to|[2001:db8::1]:80"],
      ["command iptables -F", "iptables -F"],
      ["xtables-legacy-multi iptables -F", "iptables -F"],
      ["TABLE=nat iptables -F", "iptables -F"],
      ["iptables -A INPUT \\\n  -j \\\n ACCEPT", "iptables -A|INPUT|-j|ACCEPT"],
      ["iptables -F; iptables -X && iptables -Z", "iptables -F", "iptables -X", "iptables -Z"],
      ["iptables -N x || exit 1; iptables -F", "iptables -N|x", "iptables -F"],
      ["echo start && iptables -F", "iptables -F"],
      ["iptables -F >/dev/null 2>&1 </dev/null", "iptables -F"],
      ["iptables -L -n | grep DROP", "iptables -L|-n"],
      ["IPT=/sbin/iptables\n$IPT -F", "iptables -F"],
      ['IPT="sudo iptables -w"\n${IPT} -F', "iptables -w|-F"],
      ["IPT=$(which iptables)\n$IPT -F", "iptables -F"],
      ["IPT=`command -v ip6tables`\n$IPT -F", "ip6tables -F"],
      ["export A=1 B='x y'\niptables -A \"$B\" $B", "iptables -A|x y|x|y"],
      ["A=1; A+=2\niptables -A x$A", "iptables -A|x12"],
      ['A=\niptables -F $A "$A"', "iptables -F|"],
      ["iptables -A ${A:-x} ${B:-'y z'} ${C-v w}", "iptables -A|x|y z|v|w"],
      ["A=1\niptables -A ${A:+set} ${B:=2} $B ${A:-no}", "iptables -A|set|2|2|1"],
      ["iptables --comment 'it'\\''s' \"a \\\"b\\\" \\$x\" c\\ d", 'iptables --comment|it\'s|a "b" $x|c d'],
      ["if true; then echo; fi\nf() { iptables -X; }\niptables -F", "iptables -F"],
      ["iptables -A x ! -s 10.0.0.1", "iptables -A|x|!|-s|10.0.0.1"],
    ];
    for (const [script, ...argv] of followed) {
      it(script, () => {
        const { nodes, diagnostics } = read(script);
        expect(argvOf(nodes)).to.deep.equal(argv);
        expect(diagnostics).to.deep.equal([]);
      });
    }
  });

  describe("says what it does not follow, and goes on", () => {
    const refused: readonly [script: string, code: string, place: string][] = [
      ["for p in 22 80; do iptables -A $p; done", "shell-not-followed", "for"],
      ['if [ -n "$1" ]\nthen\n  iptables -A x\nfi', "shell-not-followed", "if"],
      ["while read a; do iptables -A $a; done < list", "shell-not-followed", "while"],
      ["case $1 in (start) iptables -A x;; stop) echo;; esac", "shell-not-followed", "case"],
      ["( iptables -A x )", "shell-not-followed", "("],
      ["{ iptables -A x; }", "shell-not-followed", "{"],
      ['f() { iptables -A "$1"; }\nf x', "shell-not-followed", "f"],
      ["f() { iptables -X; }; g() { f; }\ng", "shell-not-followed", "g"],
      ["function f { iptables -X; }\nf", "shell-not-followed", "f"],
      ['run() { "$@"; }\nrun iptables -A x', "shell-not-followed", "run"],
      ["iptables -A $NONE", "undefined-variable", "$NONE"],
      ["$NONE -A INPUT", "undefined-variable", "$NONE"],
      ['iptables -A "$1"', "shell-not-followed", "$1"],
      ["iptables -A $(cat x)", "shell-not-followed", "$(cat x)"],
      ["iptables -A `cat x`", "shell-not-followed", "`cat x`"],
      ["iptables -A $((1 + 2))", "shell-not-followed", "$((1 + 2))"],
      ["iptables -A x*", "shell-not-followed", "*"],
      ["iptables -A {a,b}", "shell-not-followed", "{"],
      ["A=$(cat x)\niptables -A $A", "shell-not-followed", "$A"],
      ["if x; then A=1; fi\niptables -A $A", "shell-not-followed", "$A"],
      ["x && A=1\niptables -A $A", "shell-not-followed", "$A"],
      ["x && iptables -A y", "shell-not-followed", "iptables -A y"],
      ["iptables -C x || iptables -A y", "shell-not-followed", "iptables -A y"],
      ["A=$(iptables -A x)", "shell-not-followed", "A=$(iptables -A x)"],
      ["eval iptables -A x", "shell-not-followed", "eval"],
      ["sh -c 'iptables -A x'", "shell-not-followed", "sh"],
      ["ip netns exec blue iptables -A x", "shell-not-followed", "ip"],
      ["iptables-restore < rules", "shell-not-followed", "iptables-restore"],
      ["cat rules | iptables-restore", "shell-not-followed", "iptables-restore"],
      ['iptables -A x "open', "syntax-error", '"'],
      ["fi", "syntax-error", "fi"],
      ["&& iptables -A x", "syntax-error", "&&"],
    ];
    for (const [script, code, place] of refused) {
      it(script, () => {
        const text = `${script}\niptables -F\n`;
        const { nodes, diagnostics } = read(text);
        expect(diagnostics.map(({ code: found }) => found)).to.deep.equal([code]);
        const { span } = diagnostics[0]!;
        expect(text.slice(span.start, span.end)).to.equal(place);
        expect(argvOf(nodes).at(-1)).to.equal("iptables -F");
        expect(argvOf(nodes)).not.to.include("iptables -A|x");
      });
    }
  });

  describe("passes over what leaves the rules alone", () => {
    const harmless = [
      "#!/bin/sh\nset -e",
      "echo iptables -A x",
      "modprobe ip_tables; sysctl -w net.ipv4.ip_forward=1",
      "ipset create x hash:ip\nipset add x 10.0.0.1",
      "echo 1 > /proc/sys/net/ipv4/ip_forward",
      "if [ -f /etc/x ]; then . /etc/x; fi",
      "for i in a b; do echo $i; done",
      "f() { iptables -F; }",
      "iptables-save > /root/rules",
      "cat > rules <<EOF\niptables -A x\nEOF",
      "[[ $a && $b ]]",
      "command -v iptables >/dev/null",
      "A=$(ip addr | grep inet)",
    ];
    for (const script of harmless) {
      it(script, () => {
        const { nodes, diagnostics } = read(script);
        expect(diagnostics).to.deep.equal([]);
        expect(nodes.filter(({ kind }) => !["other", "comment", "blank"].includes(kind))).to.deep.equal([]);
      });
    }
  });

  it("gives a word from a variable the place of the variable", () => {
    const text = 'LAN="10.0.0.0/8 -j DROP"\niptables -A INPUT -s $LAN\n';
    const node = read(text).nodes[1]!;
    const words = node.kind === "command" ? node.words.slice(-3) : [];
    expect(words.map(({ text: word, span }) => [word, text.slice(span.start, span.end)])).to.deep.equal([
      ["10.0.0.0/8", "$LAN"],
      ["-j", "$LAN"],
      ["DROP", "$LAN"],
    ]);
  });

  it("reads the here-document of iptables-restore as a save file, in its place", () => {
    const text =
      'A=1.2.3.4\niptables-restore -n <<-EOF && echo ok\n\t*filter\n\t-A INPUT -s $A -j "DR"\n\tbad\n\tCOMMIT\n\tEOF\n';
    const { nodes, diagnostics } = read(text);
    const restore = nodes[1]!;
    if (restore.kind !== "restore") throw new Error(restore.kind);
    expect(restore.words.map((word) => word.text)).to.deep.equal(["-n"]);
    expect(restore.body.map(({ kind, span }) => [kind, text.slice(span.start, span.end)])).to.deep.equal([
      ["table", "\t*filter\n"],
      ["rule-line", '\t-A INPUT -s $A -j "DR"\n'],
      ["error", "\tbad\n"],
      ["commit", "\tCOMMIT\n"],
    ]);
    const rule = restore.body[1]!;
    const words = rule.kind === "rule-line" ? rule.words : [];
    expect(words.map(({ text: word, span }) => [word, text.slice(span.start, span.end)])).to.deep.equal([
      ["-A", "-A"],
      ["INPUT", "INPUT"],
      ["-s", "-s"],
      ["1.2.3.4", "$A"],
      ["-j", "-j"],
      ["DR", '"DR"'],
    ]);
    expect(diagnostics.map(({ code, span }) => [code, text.slice(span.start, span.end)])).to.deep.equal([
      ["syntax-error", "bad"],
    ]);
  });

  it("takes a quoted here-document literally", () => {
    const { nodes } = read("iptables-restore <<'EOF'\n*filter\n-A $X \\\nCOMMIT\nEOF\n");
    const restore = nodes[0]!;
    const rule = restore.kind === "restore" ? restore.body[1] : undefined;
    expect(rule?.kind === "rule-line" && rule.words.map(({ text }) => text)).to.deep.equal([
      "-A",
      "$X",
      "\\",
    ]);
  });

  it("stops at exit, and says so where rules would follow", () => {
    const { nodes, diagnostics } = read("IPT=iptables\n$IPT -F\nexit 0\n$IPT -X\n");
    expect(argvOf(nodes)).to.deep.equal(["iptables -F"]);
    expect(diagnostics.map(({ code, severity }) => [code, severity])).to.deep.equal([
      ["shell-not-followed", "warning"],
    ]);
    expect(read("iptables -F\nexit 0\n# the end\n").diagnostics).to.deep.equal([]);
  });

  it("is told from a save file", () => {
    expect(formOf("\n# c\n*filter\n")).to.equal("save");
    expect(formOf(":INPUT ACCEPT [0:0]\n")).to.equal("save");
    expect(formOf("garbage\n*filter\nCOMMIT\n")).to.equal("save");
    expect(formOf("iptables-restore <<EOF\n*filter\nCOMMIT\nEOF\n")).to.equal("script");
    expect(formOf("iptables -F\n")).to.equal("script");
    expect(formOf("")).to.equal("script");
  });
});
