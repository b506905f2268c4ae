import { Machine } from "../../src/evaluate/machine.ts";
import { bindCommand } from "../../src/model/bind.ts";
import type { Command } from "../../src/model/command.ts";
import { applyCommand } from "../../src/model/edit.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { parseScript } from "../../src/syntax/parse-script.ts";
import { aclDump, aclRules } from "./acl.ts";
import { flows, router } from "./flows.ts";
import { cpuTime, median } from "./measure.ts";

function read(line: string): Command {
  const source = { name: "line", text: `iptables ${line}` };
  const node = parseScript(source).tree.nodes[0];
  const command =
    node?.kind === "command" ? bindCommand(node.words, { source, family: "ipv4" }).value : undefined;
  if (!command) throw new Error(line);
  return command;
}

const rounds = 25;

/** Prints what one edit of a loaded access list costs, what the next packet costs then, and a list built command by command. */
export function benchEdits(count = 160_000): void {
  let { ruleset } = parseRuleset(aclDump(count), { family: "ipv4", filename: "acl" });
  const machine = new Machine(ruleset, { host: router(), now: 0, events: false });
  const packet = flows(1)[0]!.there;
  machine.receive("eth0", packet, 0);
  const rule = (n: number): string => `-s 10.1.2.${n} -p tcp --dport 22 -j ACCEPT`;
  const edits: readonly (readonly [string, (n: number) => string])[] = [
    ["-A", (n) => `-A FORWARD ${rule(n)}`],
    ["-I at the head", (n) => `-I FORWARD -o eth1 ${rule(n)}`],
    ["-D by number", (n) => `-D FORWARD ${100 + n}`],
    ["-D by rule", (n) => `-D FORWARD ${rule(n)}`],
  ];
  console.log(`\nedit of ${count} rules | the edit | until the next verdict`);
  for (const [name, line] of edits) {
    const costs: number[] = [];
    const verdicts: number[] = [];
    for (let n = 0; n < rounds; n++) {
      const command = read(line(n));
      costs.push(
        cpuTime(() => {
          const edited = applyCommand(ruleset, command);
          if (!edited.result.ok) throw new Error(edited.result.refusal.message);
          ruleset = edited.ruleset;
        }),
      );
      verdicts.push(
        cpuTime(() => {
          machine.edit(ruleset);
          machine.receive("eth0", packet, n);
        }),
      );
    }
    console.log(`${name} | ${median(costs).toFixed(2)} ms | ${median(verdicts).toFixed(2)} ms`);
  }
  const script = `#!/bin/sh\n${aclRules(count, "FORWARD")
    .map((line) => `iptables ${line}\n`)
    .join("")}`;
  const whole = cpuTime(() => void parseRuleset(script, { family: "ipv4", filename: "script" }));
  console.log(`${count} rules appended one after another by a script: ${(whole / 1000).toFixed(1)} s`);
}
