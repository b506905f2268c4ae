import type { Diagnostic, Source } from "../diagnostics/diagnostic.ts";
import { hostFromIpJson } from "../host/ip-json.ts";
import { setFamilies } from "../host/ipset/ipsets.ts";
import { parseIpsets } from "../host/ipset/parse-ipsets.ts";
import { runScript } from "../model/load.ts";
import { parseRuleset } from "../model/parse-ruleset.ts";
import { printRuleset } from "../model/print.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Family } from "../packet/address.ts";
import { fromHex, toHex } from "../packet/hex.ts";
import { DrawnPorts } from "./drawn-ports.ts";
import { effectsAgree } from "./effects-agree.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import type { Effects, RecordedPacket, Recording } from "./recording.ts";
import type { Trace } from "./trace.ts";

/** One packet of a recording: what the kernel did, what the machine did, and whether that is the same. */
export interface PacketVerdict {
  readonly index: number;
  readonly agrees: boolean;
  readonly kernel: Effects;
  readonly machine: Effects;
}

export interface Verification {
  readonly packets: readonly PacketVerdict[];
  /** Of the rules as the kernel listed them; a rule that we refuse or do not know is a finding here. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Replays a recording on a machine and compares, packet by packet. */
export function verifyRecording(
  recording: Recording,
  filename: string,
  options: Pick<MachineOptions, "indexFrom"> = {},
): Verification {
  const family = recording.family ?? "ipv4";
  const read = typeof recording.sets === "string" ? parseIpsets(recording.sets, filename) : undefined;
  const setNames = read && setFamilies(read.ipsets);
  const { ruleset: listed, diagnostics: ofRules } = parseRuleset(`${recording.loaded.join("\n")}\n`, {
    family,
    filename,
    ...(setNames ? { sets: setNames } : {}),
  });
  const diagnostics = [...(read?.diagnostics ?? []), ...ofRules];
  let ruleset: Ruleset = { ...listed, tables: inLoadingOrder(listed.tables, recording.rules) };
  const host = hostFromIpJson(recording.host);
  const drawn = new DrawnPorts();
  const machine = new Machine(ruleset, {
    host,
    now: recording.started,
    backend: recording.backend,
    drawnPort: drawn.ask,
    sets: read?.ipsets,
    ...(recording.setsAt === undefined ? {} : { setsAt: recording.setsAt }),
    ...options,
  });
  let lines = counterLines(machine);
  const packets = recording.packets.map((packet, index) => {
    drawn.read(packet.conntrack, packet.expectations);
    if (packet.commands) {
      const edited = runScript(ruleset, scriptOf(packet.commands, family, filename), setNames);
      diagnostics.push(...edited.diagnostics);
      ruleset = edited.ruleset;
      machine.edit(ruleset);
      lines = counterLines(machine);
    }
    const frames = run(machine, packet, recording.started + packet.at);
    const emitted = frames.map(({ device, frame }) => [device, toHex(frame)] as const);
    const next = counterLines(machine);
    const counters = next.filter(([, line], at) => line !== lines[at]?.[1]);
    lines = next;
    const { expectations } = packet;
    const machineEffects: Effects = {
      emitted,
      counters,
      conntrack: machine.conntrack(),
      ...(expectations && { expectations: machine.expectations() }),
    };
    const kernel: Effects = {
      emitted: packet.emitted,
      counters: packet.counters,
      conntrack: packet.conntrack,
      ...(expectations && { expectations }),
    };
    return {
      index,
      agrees: effectsAgree(
        kernel,
        machineEffects,
        frames.map(({ own }) => own),
      ),
      kernel,
      machine: machineEffects,
    };
  });
  return { packets, diagnostics };
}

/**
 * The tables in the order of the text that was loaded: what rules share, such as a list of addresses, the first one loaded
 * made. iptables-save lists them in an order of its own.
 */
function inLoadingOrder(tables: Ruleset["tables"], text: string): Ruleset["tables"] {
  const names = [...text.matchAll(/^\*(\w+)/gm)].map(([, name]) => name);
  const placeOf = (name: string) => names.indexOf(name);
  return new Map([...tables].sort(([a], [b]) => placeOf(a) - placeOf(b)));
}

function scriptOf(commands: readonly string[], family: Family, filename: string): Source {
  const program = family === "ipv6" ? "ip6tables" : "iptables";
  return { name: filename, text: commands.map((command) => `${program} ${command}\n`).join("") };
}

function run(machine: Machine, packet: RecordedPacket, at: number): Trace["emitted"] {
  const trace =
    "frame" in packet
      ? machine.receive(packet.in, fromHex(packet.frame), at)
      : machine.send(fromHex(packet.packet), at, { owner: { uid: 0, gid: 0 }, rawSocket: true });
  return trace.emitted;
}

/** All lines of `iptables-save -c` that carry counters, with their tables. */
function counterLines(machine: Machine): Effects["counters"] {
  const lines: [string, string][] = [];
  let table = "";
  for (const line of printRuleset(machine.counters(), { counters: true }).split("\n")) {
    if (line.startsWith("*")) table = line.slice(1);
    else if (line.startsWith(":") || line.startsWith("[")) lines.push([table, line]);
  }
  return lines;
}
