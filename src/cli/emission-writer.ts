import packageFile from "../../package.json" with { type: "json" };
import { PcapngWriter } from "../capture/pcapng-writer.ts";
import type { ReplaySettings } from "../capture/replay.ts";
import type { Host } from "../host/host.ts";
import { printRule } from "../model/print-rule.ts";
import type { Rule } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";
import { fateLine } from "../report/decision-line.ts";
import type { Terminal } from "./terminal.ts";

export interface EmissionWriter {
  readonly take: NonNullable<ReplaySettings["onEmitted"]>;
  close(): void;
}

/** Writes the frames that leave the host to a pcapng file, each with what decided about the packet behind it. */
export function emissionWriter(path: string, host: Host, family: Family, terminal: Terminal): EmissionWriter {
  const file = terminal.create(path);
  const writer = new PcapngWriter(`${packageFile.name} ${packageFile.version}`);
  file.write(writer.start());
  // the same few rules decide about most packets
  const printed = new WeakMap<Rule, string>();
  const print = (rule: Rule, chain: string): string => {
    const text = printed.get(rule) ?? printRule(rule, chain, family);
    printed.set(rule, text);
    return text;
  };
  return {
    take({ device, frame, own }, at, { fate }, number) {
      const isEthernet = host.interfaces.get(device)?.mac !== undefined;
      const why = `${own ? "sent by the host because of" : "from"} packet ${number}`;
      file.write(writer.packet(device, isEthernet, frame, at, `${fateLine(fate, print)} (${why})`));
    },
    close: () => file.close(),
  };
}
