import { expect } from "chai";
import fc from "fast-check";
import type { DecideDraw } from "../../src/evaluate/draws.ts";
import { Machine } from "../../src/evaluate/machine.ts";
import { assumedHost } from "../../src/host/assumed-host.ts";
import { bindCommand } from "../../src/model/bind.ts";
import { applyCommand } from "../../src/model/edit.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";
import type { Ruleset } from "../../src/model/ruleset.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";
import { parseScript } from "../../src/syntax/parse-script.ts";

/** The rule set after one more command; refusals leave it as it is. */
function edited(ruleset: Ruleset, line: string): Ruleset {
  const source = { name: "line", text: `iptables ${line}` };
  const node = parseScript(source).tree.nodes.find(({ kind }) => kind === "command");
  if (node?.kind !== "command") throw new Error(line);
  const { value, diagnostics } = bindCommand(node.words, { source, family: "ipv4" });
  if (!value) throw new Error(`${line}: ${diagnostics[0]?.message}`);
  return applyCommand(ruleset, value).ruleset;
}

const host = assumedHost([
  { inDevice: "eth0", outDevice: undefined, source: 0x0a000001, destination: 0xc0000201 },
]);
const mac = host.interfaces.get("eth0")?.mac ?? new Uint8Array(6);

function frame(words: string): Uint8Array {
  const { value } = composePacket(`-i eth0 -d 192.0.2.1 ${words}`, "ipv4", "packet");
  if (!value) throw new Error(words);
  return buildFrame(mac, new Uint8Array(6), value.bytes);
}

const rules = (text: string): Ruleset => parseRuleset(text, { family: "ipv4", filename: "rules" }).ruleset;
const start = `*filter
:INPUT ACCEPT [7:700]
:a - [0:0]
${Array.from({ length: 90 }, (_, n) => `[${n}:${n}] -A INPUT -s 10.0.${n % 9}.${n}/32 -p tcp --dport ${n % 7}`).join("\n")}
COMMIT
`;

const spec = fc
  .tuple(
    fc.constantFrom("", "-s 10.0.0.0/8 ", "-s 10.0.3.3/32 ", "-i eth0 "),
    fc.constantFrom("", "-p tcp --dport 3 ", "-p tcp --dport 1:5 ", "-p udp "),
    fc.constantFrom("", "-j a", "-j ACCEPT", "-j DROP", "-j RETURN"),
  )
  .map((parts) => parts.join("").trim());
const command = fc.oneof(
  spec.map((words) => `-A INPUT ${words}`),
  spec.map((words) => `-A a ${words}`.replace("-j a", "-j ACCEPT")),
  fc.tuple(fc.integer({ min: 1, max: 60 }), spec).map(([number, words]) => `-I INPUT ${number} ${words}`),
  fc.tuple(fc.integer({ min: 1, max: 60 }), spec).map(([number, words]) => `-R INPUT ${number} ${words}`),
  fc.integer({ min: 1, max: 60 }).map((number) => `-D INPUT ${number}`),
  spec.map((words) => `-D INPUT ${words}`),
  fc.constantFrom("-N b", "-F a", "-X b", "-P INPUT DROP", "-E a c", "-E c a", "-Z INPUT 3", "-A b -j DROP"),
);
const packet = fc.constantFrom(
  "-s 10.0.3.3 -p tcp --sport 9 --dport 3",
  "-s 10.0.8.8 -p tcp --sport 9 --dport 1",
  "-s 10.0.0.1 -p udp --sport 9 --dport 3",
);

describe("a machine whose rules are edited", () => {
  it("does what one does that was given the edited rules, indexed or not", () => {
    const steps = fc.array(fc.tuple(command, packet), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(steps, (all) => {
        let ruleset = rules(start);
        const indexed = new Machine(ruleset, { host, now: 0, indexFrom: 1 });
        const plain = new Machine(ruleset, { host, now: 0, indexFrom: Number.POSITIVE_INFINITY });
        all.forEach(([line, words], at) => {
          ruleset = edited(ruleset, line);
          indexed.edit(ruleset);
          plain.edit(ruleset);
          const fresh = new Machine(ruleset, { host, now: 0 }).receive("eth0", frame(words), at);
          const trace = indexed.receive("eth0", frame(words), at);
          expect(trace.events, line).to.deep.equal(fresh.events);
          expect(plain.receive("eth0", frame(words), at).events).to.deep.equal(fresh.events);
        });
        const counted = (machine: Machine): string => printRuleset(machine.counters(), { counters: true });
        expect(counted(indexed)).to.equal(counted(plain));
      }),
      { numRuns: 60 },
    );
  });

  it("keeps the counters of rules that stay, and begins the others at zero", () => {
    const before = rules("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p udp\n-A INPUT -p tcp\nCOMMIT\n");
    const machine = new Machine(before, { host, now: 0 });
    const udp = frame("-s 10.0.0.1 -p udp --sport 9 --dport 3");
    machine.receive("eth0", udp, 0);
    machine.edit(edited(before, "-I INPUT 1 -s 10.0.0.1"));
    machine.receive("eth0", udp, 1);
    const lines = printRuleset(machine.counters(), { counters: true }).split("\n");
    expect(lines.filter((line) => line.includes("-A"))).to.deep.equal([
      "[1:28] -A INPUT -s 10.0.0.1/32",
      "[2:56] -A INPUT -p udp",
      "[0:0] -A INPUT -p tcp",
    ]);
  });

  it("begins the counters of a legacy table's policies anew, whatever the edit was, and with nft those of a new policy", () => {
    const text = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";
    const counted = (backend: "legacy" | "nft", line: string): string | undefined => {
      const ruleset = rules(text);
      const machine = new Machine(ruleset, { host, now: 0, backend });
      machine.receive("eth0", frame("-p udp"), 0);
      machine.edit(edited(ruleset, line));
      return /:INPUT .*/.exec(printRuleset(machine.counters(), { counters: true }))?.[0];
    };
    expect(counted("legacy", "-A FORWARD")).to.equal(":INPUT ACCEPT [0:0]");
    expect(counted("nft", "-A FORWARD")).to.match(/:INPUT ACCEPT \[1:\d+\]/);
    expect(counted("nft", "-P INPUT DROP")).to.equal(":INPUT DROP [0:0]");
  });

  it("turns conntrack on for the first rule that needs it", () => {
    const before = rules("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n");
    const machine = new Machine(before, { host, now: 0 });
    machine.edit(edited(before, "-A INPUT -m state --state NEW"));
    machine.receive("eth0", frame("-s 10.0.0.1 -p udp --sport 9 --dport 3"), 1);
    expect(machine.conntrack()).to.have.length(1);
  });

  it("forgets what limits of a changed table remember, as legacy does and nft does not", () => {
    const before = rules(
      "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m limit --limit 1/hour --limit-burst 1\nCOMMIT\n",
    );
    const udp = frame("-s 10.0.0.1 -p udp --sport 9 --dport 3");
    const hits = (backend: "legacy" | "nft"): bigint | undefined => {
      const machine = new Machine(before, { host, now: 0, backend });
      machine.receive("eth0", udp, 1);
      machine.receive("eth0", udp, 2);
      machine.edit(edited(before, "-A INPUT -p tcp"));
      machine.receive("eth0", udp, 3);
      return machine.counters().tables.get("filter")?.chains.get("INPUT")?.rules[0]?.counters.packets;
    };
    expect([hits("legacy"), hits("nft")]).to.deep.equal([2n, 1n]);
  });

  for (const backend of ["legacy", "nft"] as const) {
    it(`tells where a draw is made by where the rule stands now (${backend})`, () => {
      const draws = "-A INPUT -m statistic --mode random --probability 0.5";
      const before = rules(`*filter\n:INPUT ACCEPT [0:0]\n${draws}\n${draws} -j DROP\nCOMMIT\n`);
      const udp = frame("-s 10.0.0.1 -p udp --sport 9 --dport 3");
      const places: string[] = [];
      const decideDraw: DecideDraw = ({ table, chain, number, rule, probability }) => {
        places.push(`${table}/${chain}:${number} ${rule.target.kind} ${probability}`);
        return false;
      };
      const machine = new Machine(before, { host, now: 0, backend, decideDraw });
      machine.receive("eth0", udp, 1);
      machine.edit(edited(before, "-I INPUT 2 -p tcp"));
      machine.receive("eth0", udp, 2);
      expect(places).to.deep.equal([
        "filter/INPUT:1 none 0.5",
        "filter/INPUT:2 known 0.5",
        "filter/INPUT:1 none 0.5",
        "filter/INPUT:3 known 0.5",
      ]);
    });
  }
});
