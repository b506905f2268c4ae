import { expect } from "chai";
import { lintText } from "./lint-text.ts";

/** The messages of one lint rule about an iptables-save text. */
const messages = (id: string, lines: readonly string[]): readonly string[] =>
  lintText(`${lines.join("\n")}\nCOMMIT\n`)
    .findings.filter((finding) => finding.id === id)
    .map(({ message }) => message);

describe("rules that lint names as the cause", () => {
  it("are the one that matches all, though others take a part before it", () => {
    const [message] = messages("NV102", [
      "*filter",
      "-A INPUT -d 192.0.2.0/24 -j DROP",
      "-A INPUT -p udp -j DROP",
      "-A INPUT -s 10.0.0.0/8 -j DROP",
      "-A INPUT -s 10.1.0.0/16 -j DROP",
    ]);
    expect(message).to.match(/: rule 3 of `INPUT` does the same/);
  });

  it("are as few as match all of its packets together", () => {
    const [message] = messages("NV102", [
      "*filter",
      "-A INPUT -d 192.0.2.0/24 -j DROP",
      "-A INPUT -p tcp -m tcp --dport 0:99 -j DROP",
      "-A INPUT -p udp -j DROP",
      "-A INPUT -p tcp -m tcp --dport 100:65535 -j DROP",
      "-A INPUT -p tcp -s 10.1.0.0/16 -j DROP",
    ]);
    expect(message).to.match(/: rules 2 and 4 together of `INPUT` do the same/);
  });

  it("say what they do themselves, not what earlier ones do to a part", () => {
    const [message] = messages("NV101", [
      "*filter",
      "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      "-A FORWARD -i eth1 -j REJECT",
      "-A FORWARD -i eth1 -o eth0 -j ACCEPT",
    ]);
    expect(message).to.match(/rule 2 of `FORWARD` takes them all, which says REJECT where it says ACCEPT/);
  });

  it("are all of them where jumps decide", () => {
    const [message] = messages("NV101", [
      "*filter",
      ":ours - [0:0]",
      "-A INPUT -p tcp -j ours",
      "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
      "-A ours -j DROP",
    ]);
    expect(message).to.match(/rule 1 of `INPUT` takes them all/);
  });
});

describe("the reason why a rule matches nothing", () => {
  const reasons: readonly [string, RegExp, readonly string[]][] = [
    [
      "its own conditions",
      /its conditions contradict each other/,
      ["*filter", "-A INPUT -s 10.0.0.0/8 -m iprange --src-range 192.0.2.1-192.0.2.9 -j ACCEPT"],
    ],
    [
      "tables before it",
      /dropped, or changed by NAT or marks, before they come to `INPUT`/,
      ["*raw", "-A PREROUTING -i eth1 -j DROP", "COMMIT", "*filter", "-A INPUT -i eth1 -p tcp -j ACCEPT"],
    ],
    [
      "what leads to its chain",
      /none that satisfies its conditions comes to `ours`/,
      ["*filter", ":ours - [0:0]", "-A INPUT -p udp -j ours", "-A ours -p tcp -j ACCEPT"],
    ],
  ];
  for (const [name, pattern, lines] of reasons) {
    it(`is ${name}`, () => expect(messages("NV103", lines)[0]).to.match(pattern));
  }
});
