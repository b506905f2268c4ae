import { transportChecksumOk } from "../../../src/packet/checksum.ts";
import { fromHex } from "../../../src/packet/hex.ts";
import { Packet } from "../../../src/packet/packet.ts";
import type { Scenario, ScenarioPacket } from "../scenario.ts";

/** What a scenario has of the things that every campaign shall have, by name. */
export function drawsOf(scenario: Scenario): ReadonlySet<string> {
  const { rules, packets, family = "ipv4", backend = "legacy" } = scenario;
  const found = new Set<string>([family, backend]);
  for (const [name, pattern] of rulePatterns) if (pattern.test(rules)) found.add(name);
  for (const [, flag, extension] of rules.matchAll(/ (-m|-j) (\S+)/g)) found.add(`${flag} ${extension}`);
  for (const [name, pattern] of ftpCommands) {
    if (packets.some((step) => pattern.test(textOf(step) ?? ""))) found.add(name);
  }
  const sent = packets.flatMap(packetOf);
  for (const packet of sent) for (const name of factsOf(packet)) found.add(name);
  for (const name of tcpFacts(sent, packets)) found.add(name);
  if (hasOverlap(sent)) found.add(`${family} overlapping fragments`);
  for (const step of packets) {
    if ("reply" in step && step.reply.answer.kind === "icmp-error") found.add("icmp error about a packet");
  }
  if (scenario.sets) found.add("sets");
  if (packets.some(({ wait }) => wait)) found.add("waits");
  return found;
}

const rulePatterns: readonly (readonly [string, RegExp])[] = [
  ["ftp helper", /-j CT --helper ftp/],
  ["ftp translated", /--dport 21 -j (?:SNAT|DNAT|MASQUERADE)/],
  ["zone", /-j CT .*--zone \d/],
  ["zone of one direction", /-j CT --zone-(?:orig|reply)/],
  ["zone by mark", /-j CT --zone mark/],
  ["label put on", /-m connlabel .*--set/],
  ["-f", / -f(?: |$)/m],
];

const ftpCommands: readonly (readonly [string, RegExp])[] = [
  ["PORT", /^PORT/],
  ["EPRT", /^EPRT/],
  ["PASV", /^227/],
  ["EPSV", /^229/],
];

const textOf = (step: ScenarioPacket): string | undefined =>
  "reply" in step && step.reply.answer.kind === "tcp" ? step.reply.answer.text : undefined;

/** Steps that are packets, whole enough to be read. */
function packetOf(step: ScenarioPacket): Packet[] {
  if ("reply" in step) return [];
  const bytes = "frame" in step ? fromHex(step.frame).slice(14) : fromHex(step.packet);
  return bytes.length >= 20 ? [new Packet(bytes)] : [];
}

const icmpNames: ReadonlyMap<number, string> = new Map([
  [8, "echo request"],
  [13, "time stamp request"],
  [17, "address mask request"],
]);
const icmpErrors: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);
const oddFlags: ReadonlySet<number> = new Set([0, 1, 3, 6, 41, 63]);

function factsOf(packet: Packet): string[] {
  const { protocol, fragmentOffset, moreFragments, transportLength } = packet;
  const names = [`protocol ${protocol}`];
  if (fragmentOffset > 0 || moreFragments) return [...names, "fragment"];
  const type = packet.transportByte(0);
  const name = protocol === 1 ? icmpNames.get(type) : undefined;
  if (name) names.push(name);
  if (protocol === 1 && icmpErrors.has(type) && transportLength < 28)
    names.push("icmp error quoting nothing");
  if ([1, 6, 17, 58].includes(protocol) && transportLength >= 8 && !transportChecksumOk(packet)) {
    names.push(`wrong checksum of protocol ${protocol}`);
  }
  if (protocol === 6 && oddFlags.has(packet.transportByte(13) & 63)) names.push("odd flags");
  return names;
}

const numberAt = (packet: Packet, offset: number): number =>
  packet.transportWord(offset) * 65536 + packet.transportWord(offset + 2);

/** Of the clients' segments, one connection's after another's, and the answers in which both sides close at once. */
function tcpFacts(sent: readonly Packet[], steps: readonly ScenarioPacket[]): string[] {
  const names: string[] = [];
  const before = new Map<string, { sequence: number; established: boolean; closed: boolean }>();
  for (const packet of sent) {
    if (packet.protocol !== 6 || packet.transportLength < 20) continue;
    const flags = packet.transportByte(13) & 63;
    const key = `${packet.source} ${packet.destination} ${numberAt(packet, 0)}`;
    const known = before.get(key);
    const sequence = numberAt(packet, 4);
    if (!known && flags === 24) names.push("picked up in the middle");
    if (known?.established && flags === 2)
      names.push(known.closed ? "tuple used again" : "syn to established");
    if (known && flags === 24 && Math.abs((sequence - known.sequence) | 0) > 65536)
      names.push("out of the window");
    before.set(key, {
      sequence,
      established: (known?.established ?? false) || flags === 16 || flags === 24,
      closed: (known?.closed ?? false) || (flags & 5) !== 0,
    });
  }
  for (const step of steps) {
    if (!("reply" in step) || step.reply.answer.kind !== "tcp") continue;
    const { segment } = step.reply.answer;
    const asked = steps[step.reply.of];
    const [packet] = asked ? packetOf(asked) : [];
    if (segment.flags !== 17 || !packet || packet.transportByte(13) !== 17) continue;
    if (segment.acknowledgement === numberAt(packet, 4)) names.push("simultaneous close");
  }
  return names;
}

/** Two pieces of one datagram that share bytes and are not the same piece. */
function hasOverlap(sent: readonly Packet[]): boolean {
  const pieces = sent
    .filter(({ fragmentOffset, moreFragments }) => fragmentOffset > 0 || moreFragments)
    .map((packet) => {
      const { bytes, source, family, fragmentOffset, transportOffset } = packet;
      const id = family === "ipv4" ? [bytes[4], bytes[5]] : bytes.slice(transportOffset - 4, transportOffset);
      const start = fragmentOffset * 8;
      return { key: `${source} ${id}`, start, end: start + bytes.length - transportOffset };
    });
  return pieces.some((a, index) =>
    pieces
      .slice(index + 1)
      .some(
        (b) =>
          a.key === b.key && a.start < b.end && b.start < a.end && (a.start !== b.start || a.end !== b.end),
      ),
  );
}
