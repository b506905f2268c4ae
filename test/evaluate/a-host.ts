import { Machine, type MachineOptions, type RunOptions } from "../../src/evaluate/machine.ts";
import type { Trace, TraceEvent } from "../../src/evaluate/trace.ts";
import { hostFromIpJson } from "../../src/host/ip-json.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";
import { buildFrame } from "../../src/packet/ethernet.ts";

/** A router with the Internet behind eth0 (192.0.2.1/24) and a network behind eth1 (10.0.0.1/24), for machine tests. */
const device = (ifindex: number, ifname: string, address: string, local: string, prefixlen: number) => ({
  ifindex,
  ifname,
  address,
  mtu: 1500,
  flags: ["UP"],
  link_type: "ether",
  addr_info: [{ family: "inet", local, prefixlen, scope: "global" }],
});
const loopback = {
  ifindex: 1,
  ifname: "lo",
  address: "00:00:00:00:00:00",
  mtu: 65536,
  flags: ["LOOPBACK", "UP"],
  link_type: "loopback",
  addr_info: [{ family: "inet", local: "127.0.0.1", prefixlen: 8, scope: "host" }],
};
const local = (dst: string, dev: string) => ({ type: "local", dst, dev, table: "local", prefsrc: dst });

const host = () =>
  hostFromIpJson({
    addresses: [
      loopback,
      device(2, "eth0", "02:00:00:00:00:01", "192.0.2.1", 24),
      device(3, "eth1", "02:00:00:00:01:01", "10.0.0.1", 24),
    ],
    routes: [
      { dst: "default", gateway: "192.0.2.254", dev: "eth0" },
      { dst: "192.0.2.0/24", dev: "eth0", prefsrc: "192.0.2.1" },
      { dst: "10.0.0.0/24", dev: "eth1", prefsrc: "10.0.0.1" },
      local("192.0.2.1", "eth0"),
      local("10.0.0.1", "eth1"),
      local("127.0.0.1", "lo"),
    ],
    neighbours: [
      { dst: "192.0.2.254", dev: "eth0", lladdr: "02:00:00:00:00:fe", state: ["PERMANENT"] },
      { dst: "10.0.0.9", dev: "eth1", lladdr: "02:00:00:00:01:09", state: ["PERMANENT"] },
    ],
    sysctl: { "net.ipv4.ip_forward": "1" },
  });

const macs: Readonly<Record<string, readonly [Uint8Array, Uint8Array]>> = {
  eth0: [Uint8Array.of(2, 0, 0, 0, 0, 1), Uint8Array.of(2, 0, 0, 0, 0, 0xfe)],
  eth1: [Uint8Array.of(2, 0, 0, 0, 1, 1), Uint8Array.of(2, 0, 0, 0, 1, 9)],
};

/** The machine's clock at the start: 2026-01-01 00:00:00 UTC, a Thursday. */
export const startOfTest = 1767225600;

/** A machine on that host with rules in iptables-save's form; the text is taken as the test wrote it or not at all. */
export function machineWith(rules: string, options: Partial<MachineOptions> = {}): TestMachine {
  const { ruleset, diagnostics } = parseRuleset(rules, { family: "ipv4", filename: "rules.v4" });
  if (diagnostics.some(({ severity }) => severity === "error")) {
    throw new Error(diagnostics.map(({ message }) => message).join("; "));
  }
  return new TestMachine(new Machine(ruleset, { host: host(), now: startOfTest, ...options }));
}

/** Gives a machine packets in iptables' words. */
export class TestMachine {
  readonly machine: Machine;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** With `-i` the packet comes in there, else the host sends it; `after` is in seconds since the start. */
  packet(words: string, after = 0, options: RunOptions = {}): Trace {
    const { value, diagnostics } = composePacket(words, "ipv4", "packet");
    if (!value) throw new Error(diagnostics.map(({ message }) => message).join("; "));
    const at = startOfTest + after;
    if (value.inDevice === undefined) return this.machine.send(value.bytes, at, options);
    const [own, sender] = macs[value.inDevice]!;
    return this.machine.receive(value.inDevice, buildFrame(own, sender, value.bytes), at, options);
  }

  /** The counter of each rule of a chain, in order: `packets:bytes`. */
  counters(chain: string): readonly string[] {
    return printRuleset(this.machine.counters(), { counters: true })
      .split("\n")
      .filter((line) => line.includes(` -A ${chain} `))
      .map((line) => /^\[(\d+:\d+)\]/.exec(line)?.[1] ?? "");
  }
}

/** The events of one kind. */
export const eventsOf = <K extends TraceEvent["kind"]>(
  trace: Trace,
  kind: K,
): Extract<TraceEvent, { kind: K }>[] =>
  trace.events.filter((event): event is Extract<TraceEvent, { kind: K }> => event.kind === kind);

/** The rules that matched, as `CHAIN:number`. */
export const matchedRules = (trace: Trace): readonly string[] =>
  eventsOf(trace, "rule").map(({ chain, number }) => `${chain}:${number}`);
