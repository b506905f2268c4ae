import { expect } from "chai";
import { compile } from "../../src/formula/compile.ts";
import { ruleFormula, siteOf } from "../../src/model/rule-formula.ts";
import type { Connection, Tracking, Tuple } from "../../src/packet/connection.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { Packet } from "../../src/packet/packet.ts";
import { bareWorld } from "../packet/bare-world.ts";
import { tryRule } from "./try-rule.ts";

const world = bareWorld(1000);

const original: Tuple = {
  source: 0xc6336407,
  destination: 0xc0000201,
  protocol: 6,
  sourcePort: 40000,
  destinationPort: 22,
  icmpType: 0,
  icmpCode: 0,
  zone: 0,
};
const reply: Tuple = {
  ...original,
  source: 0x0a000009,
  destination: 0xc6336407,
  sourcePort: 2222,
  destinationPort: 40000,
};
/** Seen in both directions, assured, confirmed, destination NAT. */
const status = 2 | 4 | 8 | 32;
const master: Connection = {
  original,
  reply,
  status,
  mark: 0,
  expires: 2000,
  master: undefined,
  helper: "ftp",
};
const connection: Connection = {
  original,
  reply,
  status,
  mark: 0x105,
  labels: new Set([5]),
  expires: 1030.5,
  master,
  counters: { original: { packets: 2, bytes: 100 }, reply: { packets: 1, bytes: 60 } },
};

const trackings: Readonly<Record<string, Tracking | undefined>> = {
  tracked: { kind: "tracked", connection, direction: "original", state: "ESTABLISHED", reason: "" },
  related: { kind: "tracked", connection, direction: "reply", state: "RELATED", reason: "" },
  invalid: { kind: "invalid", reason: "" },
  untracked: { kind: "untracked" },
};

function matching(rule: string): readonly string[] {
  const tried = tryRule({ rule });
  if (!("rule" in tried)) throw new Error(tried.message);
  const predicate = compile(ruleFormula(tried.rule, siteOf("ipv4", "filter", tried.rule.spec)), world);
  return Object.entries(trackings)
    .filter(([, tracking]) => {
      const packet = new Packet(fromHex("45000014000000004006000000000000c0000201"));
      packet.tracking = tracking;
      return predicate({
        packet,
        hook: "INPUT",
        inDevice: "eth0",
        outDevice: undefined,
        world,
        hotdrop: false,
      });
    })
    .map(([name]) => name);
}

/** From conntrack_mt, connmark_mt, helper_mt and connbytes_mt (net/netfilter/). */
const cases: readonly (readonly [rule: string, matches: readonly string[]])[] = [
  ["-m state --state ESTABLISHED", ["tracked"]],
  ["-m state ! --state ESTABLISHED", ["related", "invalid", "untracked"]],
  ["-m state --state INVALID,UNTRACKED", ["invalid", "untracked"]],
  ["-m conntrack --ctstate DNAT", ["tracked", "related"]],
  ["-m conntrack ! --ctstate DNAT", ["invalid", "untracked"]],
  ["-m conntrack --ctstate SNAT", []],
  // with no entry the state alone decides, and without --ctstate nothing matches
  ["-m conntrack --ctstate INVALID --ctproto 17", ["invalid"]],
  ["-m conntrack ! --ctstate NEW --ctproto 17", ["invalid", "untracked"]],
  ["-m conntrack --ctproto 6", ["tracked", "related"]],
  ["-m conntrack ! --ctproto 6", []],
  ["-m conntrack ! --ctproto 17", ["tracked", "related"]],
  ["-m conntrack --ctdir ORIGINAL", ["tracked"]],
  ["-m conntrack --ctorigsrc 198.51.100.0/24 --ctreplsrc 10.0.0.9", ["tracked", "related"]],
  ["-m conntrack ! --ctorigdst 192.0.2.1", []],
  ["-m conntrack --ctorigdstport 22 --ctreplsrcport 2000:3000", ["tracked", "related"]],
  ["-m conntrack --ctorigsrcport 5:1", []],
  ["-m conntrack --ctstatus ASSURED", ["tracked", "related"]],
  ["-m conntrack --ctstatus NONE", []],
  ["-m conntrack ! --ctstatus NONE", ["tracked", "related"]],
  ["-m conntrack --ctexpire 30", ["tracked", "related"]],
  ["-m conntrack --ctexpire 31:", []],
  ["-m connmark --mark 0x5/0xff", ["tracked", "related"]],
  ["-m connmark ! --mark 0x1", ["tracked", "related"]],
  ["-m connmark ! --mark 0/0", []],
  ["-m connlabel --label 5", ["tracked", "related"]],
  ["-m connlabel ! --label 5", ["invalid", "untracked"]],
  ["-m connlabel --label 6", []],
  ["-m connlabel --label 6 --set", ["tracked", "related"]],
  ["-m connlabel ! --label 7 --set", ["invalid", "untracked"]],
  ["-m helper --helper ftp", ["tracked", "related"]],
  ["-m helper --helper ftp-2121", ["tracked", "related"]],
  ["-m helper ! --helper sip", ["tracked", "related", "invalid", "untracked"]],
  ["-m connbytes --connbytes 160:160 --connbytes-mode bytes --connbytes-dir both", ["tracked", "related"]],
  ["-m connbytes --connbytes 50:50 --connbytes-mode avgpkt --connbytes-dir original", ["tracked", "related"]],
  ["-m connbytes ! --connbytes 3 --connbytes-mode packets --connbytes-dir both", []],
  ["-m connbytes ! --connbytes 4 --connbytes-mode packets --connbytes-dir both", ["tracked", "related"]],
];

describe("matches that ask conntrack", () => {
  for (const [rule, expected] of cases) {
    it(`${rule} holds for ${expected.join(", ") || "none"}`, () => {
      expect(matching(rule)).to.deep.equal(expected);
    });
  }
});
