import type { RecordedPacket, Recording } from "../../src/evaluate/recording.ts";
import type { PacketVerdict, Verification } from "../../src/evaluate/verify.ts";
import { fromHex } from "../../src/packet/hex.ts";
import { protocolName } from "../../src/packet/protocols.ts";
import { destinationEnd, sourceEnd, summarise } from "../../src/packet/summary.ts";

const aspects = ["emitted", "counters", "conntrack", "expectations"] as const;

/** What differs about a packet: first the packet, then what only the kernel and only the machine did, line by line. */
export function account({ index, kernel, machine }: PacketVerdict, { packets }: Recording): string {
  const lines = aspects.flatMap((aspect) => {
    const theirs = (kernel[aspect] ?? []).map(String);
    const ours = (machine[aspect] ?? []).map(String);
    return [
      ...theirs.filter((line) => !ours.includes(line)).map((line) => `  kernel  ${aspect}: ${line}`),
      ...ours.filter((line) => !theirs.includes(line)).map((line) => `  machine ${aspect}: ${line}`),
    ];
  });
  const packet = packets[index];
  return [`packet ${index}${packet ? `: ${describe(packet)}` : ""}`, ...lines].join("\n");
}

/** The packet in a line, and its hex in the next one. */
function describe(packet: RecordedPacket): string {
  const bytes = "frame" in packet ? fromHex(packet.frame).slice(14) : fromHex(packet.packet);
  const where = "frame" in packet ? `in on ${packet.in}` : "sent by the host";
  const hex = "frame" in packet ? packet.frame : packet.packet;
  if (bytes.length < 20) return `${where}, cut off\n  ${hex}`;
  const summary = summarise(bytes);
  const { protocol, tcpFlags, icmpType, icmpCode, fragmentOffset, moreFragments } = summary;
  const facts = [
    `${where} at ${packet.at} s, ${protocolName(protocol)} ${sourceEnd(summary)} to ${destinationEnd(summary)}`,
    ...(tcpFlags ? [tcpFlags.join("+") || "no flags"] : []),
    ...(icmpType === undefined ? [] : [`type ${icmpType} code ${icmpCode}`]),
    ...(fragmentOffset === undefined
      ? []
      : [`fragment at ${fragmentOffset}${moreFragments ? ", more follow" : ""}`]),
  ];
  return `${facts.join(", ")}\n  ${hex}`;
}

/** The first packet about which kernel and machine disagree. */
export const firstDifference = ({ packets }: Verification): PacketVerdict | undefined =>
  packets.find((packet) => !packet.agrees);
