import { expect } from "chai";
import { analyse } from "../../../src/analyse/analyse.ts";
import type { Path } from "../../../src/analyse/path.ts";
import { hitsOf } from "../../../src/analyse/rule-hits.ts";
import { type Witness, WitnessFinder } from "../../../src/analyse/witness/find-witness.ts";
import { parseRuleset } from "../../../src/model/parse-ruleset.ts";

/** 2026-01-01 00:00 UTC, a Thursday. */
const now = 1767225600;

/** A witness of the last rule of a text's filter chain. */
function witnessOf(text: string, place: string, path: Path): Witness | undefined {
  const { ruleset, diagnostics } = parseRuleset(text, { family: text.includes("ipv6") ? "ipv6" : "ipv4" });
  expect(diagnostics.filter(({ severity }) => severity === "error")).to.deep.equal([]);
  const analysis = analyse(ruleset);
  const reach = analysis.rules().find(({ table, chain, number }) => `${table}/${chain}:${number}` === place);
  expect(reach, place).not.to.equal(undefined);
  const finder = new WitnessFinder(analysis, { now });
  return finder.find(reach?.matched ?? 0, path, (trace) => (hitsOf(trace).get(place) ?? 0) > 0);
}

const input = (...rules: readonly string[]): string =>
  ["*filter", ":INPUT DROP [0:0]", ...rules.map((rule) => `-A INPUT ${rule}`), "COMMIT", ""].join("\n");

interface Case {
  readonly name: string;
  readonly text: string;
  readonly place: string;
  readonly path?: Path;
  readonly words: string | RegExp;
  /** Packets before it. */
  readonly before?: number;
  readonly sent?: number;
}

const cases: readonly Case[] = [
  {
    name: "looks like a person's packet",
    text: input("-p tcp --dport 22 -s 10.0.0.0/8 -j ACCEPT"),
    place: "filter/INPUT:1",
    words: "-i eth0 -p tcp -s 10.0.0.7 -d 192.0.2.1 --sport 40000 --dport 22 --syn",
  },
  {
    name: "opens the connection before an answer to it",
    text: input("-m conntrack --ctstate ESTABLISHED -j ACCEPT"),
    place: "filter/INPUT:1",
    words: /--tcp-flags ACK$/,
    before: 1,
  },
  {
    name: "goes on with a connection that was answered",
    text: input(
      "-p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT",
      "-p tcp --dport 22 -m conntrack --ctstate ESTABLISHED --ctdir ORIGINAL -j ACCEPT",
    ),
    place: "filter/INPUT:2",
    words: /--dport 22 --tcp-flags ACK$/,
    before: 2,
  },
  {
    name: "tells of a packet that was sent before",
    text: input("-m conntrack --ctstate ESTABLISHED -j DROP", "-m conntrack --ctstate RELATED -j ACCEPT"),
    place: "filter/INPUT:2",
    words: /-p icmp .*--icmp-type 3\/0$/,
    before: 1,
  },
  {
    name: "is INVALID of itself",
    text: input("-m conntrack --ctstate INVALID -j DROP"),
    place: "filter/INPUT:1",
    words: /--tcp-flags SYN,ACK$/,
    before: 0,
  },
  {
    name: "is exempt from tracking where a rule says so",
    text: `*raw\n-A PREROUTING -p udp --dport 53 -j CT --notrack\nCOMMIT\n${input("-m conntrack --ctstate UNTRACKED -j ACCEPT")}`,
    place: "filter/INPUT:1",
    words: /-p udp .*--dport 53$/,
  },
  {
    name: "uses a limit up",
    text: input("-p icmp -m limit --limit 1/min --limit-burst 4 -j ACCEPT", "-p icmp -j LOG"),
    place: "filter/INPUT:2",
    words: /--icmp-type 8\/0$/,
    sent: 5,
  },
  {
    name: "opens as many connections as a limit takes",
    text: input("-p tcp --dport 80 -m connlimit --connlimit-upto 3 -j ACCEPT", "-p tcp --dport 80 -j REJECT"),
    place: "filter/INPUT:2",
    words: /--dport 80 --syn$/,
    before: 20,
  },
  {
    name: "holds the text that is looked for",
    text: input('-p udp -m string --algo bm --from 40 --string "a b" -j DROP'),
    place: "filter/INPUT:1",
    words: /--dport 80 --hex-string '\|[0-9a-f]+612062\|'$/,
  },
  {
    name: "is sent while a rule holds",
    text: input("-m time --timestart 10:00 --timestop 11:00 --weekdays Mon -j ACCEPT"),
    place: "filter/INPUT:1",
    words: /--syn$/,
  },
  {
    name: "has an owner",
    text: "*filter\n-A OUTPUT -m owner --uid-owner 1000 -j DROP\nCOMMIT\n",
    place: "filter/OUTPUT:1",
    path: "OUTPUT",
    words: /--uid-owner 1000 --gid-owner 0$/,
  },
  {
    name: "reaches a port that is published",
    text: [
      "*nat",
      "-A PREROUTING -m addrtype --dst-type LOCAL -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
      "COMMIT",
      "*filter",
      ":FORWARD DROP [0:0]",
      "-A FORWARD -d 172.17.0.2 -o docker0 -p tcp --dport 80 -j ACCEPT",
      "-A FORWARD -d 172.17.0.2 -j DROP",
      "COMMIT",
      "",
    ].join("\n"),
    place: "nat/PREROUTING:1",
    path: "FORWARD",
    words: /-i eth0 -o \S+ .*--dport 8080 --syn$/,
    before: 1,
  },
  {
    name: "leaves with another source",
    text: "*nat\n-A POSTROUTING -s 10.0.0.0/8 -o wan0 -j SNAT --to-source 192.0.2.9\nCOMMIT\n",
    place: "nat/POSTROUTING:1",
    path: "FORWARD",
    words: /-o wan0 -p tcp -s 10.0.0.7 /,
  },
  {
    name: "has the index that ESP is asked for",
    text: input("-p esp -m esp --espspi 500:600 -j ACCEPT"),
    place: "filter/INPUT:1",
    words: /-p esp .* --espspi 500$/,
  },
  {
    name: "has a header of IPComp",
    text: input("-p ipcomp -m ipcomp --ipcompspi 2 -j ACCEPT"),
    place: "filter/INPUT:1",
    words: /-p ipcomp -s 198.51.100.7 -d 192.0.2.1$/,
  },
  {
    name: "has ports of DCCP",
    text: input("-p dccp -m dccp --dport 5004 -m conntrack --ctstate NEW -j ACCEPT"),
    place: "filter/INPUT:1",
    words: /-p dccp .* --dport 5004$/,
  },
  {
    name: "opens an association of SCTP",
    text: input("-p sctp -m sctp --dport 36412 -m conntrack --ctstate NEW -j ACCEPT"),
    place: "filter/INPUT:1",
    words: /-p sctp .* --dport 36412$/,
  },
  {
    name: "stays on the loopback device",
    text: input("-i lo -j ACCEPT"),
    place: "filter/INPUT:1",
    words: "-i lo -p tcp -s 127.0.0.1 -d 127.0.0.1 --sport 40000 --dport 80 --syn",
  },
];

describe("a witness", () => {
  for (const { name, text, place, path = "INPUT", words, before = 0, sent = 1 } of cases) {
    it(name, () => {
      const witness = witnessOf(text, place, path);
      expect(witness, "there is none").not.to.equal(undefined);
      if (typeof words === "string") expect(witness?.story.words).to.equal(words);
      else expect(witness?.story.words).to.match(words);
      expect(witness?.story.assumed).to.equal(undefined);
      expect(witness?.story.before).to.have.length(before);
      expect(witness?.played.sent).to.equal(sent);
    });
  }

  it("is sent at the next moment that the rule names", () => {
    const text = input("-m time --timestart 10:00 --timestop 11:00 --weekdays Mon -j ACCEPT");
    const at = witnessOf(text, "filter/INPUT:1", "INPUT")?.picked.at ?? 0;
    expect(new Date(at * 1000).toISOString()).to.equal("2026-01-05T10:00:00.000Z");
  });

  it("is missing where the machine does not do what is asked", () => {
    const { ruleset } = parseRuleset(input("-j ACCEPT"), { family: "ipv4" });
    const analysis = analyse(ruleset);
    const finder = new WitnessFinder(analysis, { now });
    expect(finder.find(analysis.space.domain("INPUT"), "INPUT", () => false)).to.equal(undefined);
    expect(finder.find(0, "INPUT", () => true)).to.equal(undefined);
  });
});
