import type { Trace, TraceEvent } from "../../src/evaluate/trace.ts";
import { PlainRule, type Rule } from "../../src/model/ruleset.ts";
import type { PrintRule } from "../../src/report/rule-view.ts";

/** Traces written by hand, so that reports are tested without an engine. */

export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex"));

/** TCP SYN from 198.51.100.7:40000, ttl 64; the checksums are zero. */
export const syn = (destination = "c0000201", port = "0050", ttl = "40"): Uint8Array =>
  bytes(
    `45000028 00004000 ${ttl}060000 c6336407 ${destination} 9c40 ${port} 00000001 00000000 50020400 00000000`,
  );

const ethernet = bytes("020000000102 020000000101 0800");
export const framed = (packet: Uint8Array): Uint8Array => Uint8Array.from([...ethernet, ...packet]);

const source = { name: "gateway/rules.v4", text: "" };
const texts = new Map<Rule, string>();

/** A rule that prints as `-A CHAIN text`. */
export function rule(line: number, text: string): Rule {
  const made = new PlainRule({
    spec: {},
    matches: [],
    target: { kind: "none" },
    counters: { packets: 0n, bytes: 0n },
    origin: { source, span: { start: 0, end: 0 }, line },
  });
  texts.set(made, text);
  return made;
}

export const printRule: PrintRule = (one, chain) => `-A ${chain} ${texts.get(one)}`;

const dnat = rule(5, "-i eth0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.9:8080");
const jump = rule(12, "-i eth0 -j WAN");
const accept = rule(20, "-d 10.0.0.9/32 -j ACCEPT");
const ssh = rule(18, "-p tcp -m tcp --dport 22 -j ACCEPT");
const log = rule(11, '-j LOG --log-prefix "fwd: "');

const before = syn();
const after = syn("0a000009", "1f90");
const left = framed(syn("0a000009", "1f90", "3f"));

const original = "src=198.51.100.7 dst=192.0.2.1 sport=40000 dport=80";
const reply = "src=10.0.0.9 dst=198.51.100.7 sport=8080 dport=40000 mark=0";

const events: readonly TraceEvent[] = [
  { kind: "packet", what: "received", device: "eth0", bytes: before },
  { kind: "hook", hook: "PREROUTING", inDevice: "eth0", outDevice: undefined },
  {
    kind: "conntrack",
    hook: "PREROUTING",
    state: "NEW",
    reason: "no entry has this tuple",
    entry: undefined,
  },
  { kind: "table", table: "nat", hook: "PREROUTING" },
  { kind: "rule", rule: dnat, effects: [], result: "nat", table: "nat", chain: "PREROUTING", number: 1 },
  { kind: "nat", hook: "PREROUTING", manip: "destination", before, after },
  { kind: "route", hook: undefined, text: "10.0.0.0/24 dev eth1", again: false },
  { kind: "hook", hook: "FORWARD", inDevice: "eth0", outDevice: "eth1" },
  { kind: "table", table: "filter", hook: "FORWARD" },
  { kind: "rule", rule: log, effects: [], result: "continue", table: "filter", chain: "FORWARD", number: 1 },
  { kind: "log", line: "fwd: IN=eth0 OUT=eth1" },
  { kind: "rule", rule: jump, effects: [], result: "jump", table: "filter", chain: "FORWARD", number: 2 },
  {
    kind: "near-miss",
    rule: ssh,
    condition: "destination port is 22",
    found: "destination port 8080",
    table: "filter",
    chain: "WAN",
    number: 1,
  },
  { kind: "rule", rule: accept, effects: [], result: "accept", table: "filter", chain: "WAN", number: 3 },
  { kind: "hook", hook: "POSTROUTING", inDevice: undefined, outDevice: "eth1" },
  { kind: "confirm", entry: `tcp 6 119 SYN_SENT ${original} [UNREPLIED] ${reply}` },
  { kind: "emitted", device: "eth1", frame: left },
];

/** A port-forward: DNAT, a jump into a user-defined chain, accepted there. */
export const forwarded: Trace = {
  events,
  fate: {
    verdict: "ACCEPT",
    outcome: "forwarded",
    hook: "POSTROUTING",
    decision: { kind: "rule", rule: accept, table: "filter", chain: "WAN", number: 3 },
  },
  emitted: [{ device: "eth1", frame: left, own: false }],
  assumptions: ["10.0.0.0/24 is taken to be on eth1", "10.0.0.0/24 is taken to be on eth1"],
};

const refused = rule(30, "-j REJECT --reject-with icmp-port-unreachable");
const icmp = bytes(
  "45000038 00000000 40010000 c0000201 c6336407 0303 0000 00000000 45000028 00004000 40060000 c6336407 c0000201 9c400050 00000001",
);

const answer: Trace = {
  events: [
    { kind: "packet", what: "generated", device: undefined, bytes: icmp },
    { kind: "hook", hook: "OUTPUT", inDevice: undefined, outDevice: "eth0" },
    { kind: "table", table: "filter", hook: "OUTPUT" },
    { kind: "policy", table: "filter", chain: "OUTPUT", policy: "ACCEPT" },
    { kind: "emitted", device: "eth0", frame: framed(icmp) },
  ],
  fate: {
    verdict: "ACCEPT",
    outcome: "sent",
    hook: "POSTROUTING",
    decision: { kind: "policy", table: "filter", chain: "OUTPUT" },
  },
  emitted: [{ device: "eth0", frame: framed(icmp), own: true }],
  assumptions: [],
};

/** A rejected packet, whose answer is a trace within the trace. */
export const rejected: Trace = {
  events: [
    { kind: "packet", what: "received", device: "eth0", bytes: before },
    { kind: "hook", hook: "INPUT", inDevice: "eth0", outDevice: undefined },
    { kind: "table", table: "filter", hook: "INPUT" },
    {
      kind: "rule",
      rule: refused,
      effects: [],
      result: "reject",
      table: "filter",
      chain: "INPUT",
      number: 4,
    },
    { kind: "answer", trace: answer },
    { kind: "dropped", reason: "rejected" },
  ],
  fate: {
    verdict: "REJECT",
    outcome: "rejected",
    hook: "INPUT",
    decision: { kind: "rule", rule: refused, table: "filter", chain: "INPUT", number: 4 },
  },
  emitted: answer.emitted,
  assumptions: [],
};
