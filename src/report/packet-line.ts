import { destinationEnd, type PacketSummary, sourceEnd } from "../packet/summary.ts";

/** `tcp 198.51.100.7:40000 -> 192.0.2.1:22 SYN, 40 bytes, ttl 64` */
export function packetLine(summary: PacketSummary): string {
  const { protocol, tcpFlags, icmpType, icmpCode, icmpId } = summary;
  const words = [protocol, sourceEnd(summary), "->", destinationEnd(summary)];
  if (tcpFlags) words.push(tcpFlags.length === 0 ? "no flags" : tcpFlags.join("+"));
  if (icmpType !== undefined) words.push(icmpWords(protocol, icmpType, icmpCode ?? 0));
  if (icmpId !== undefined) words.push(`id ${icmpId}`);
  const facts = [`${summary.length} bytes`, `ttl ${summary.ttl}`];
  if (summary.fragmentOffset !== undefined) {
    facts.push(
      `fragment at ${summary.fragmentOffset}${summary.moreFragments ? ", more follow" : ", the last"}`,
    );
  }
  return `${words.join(" ")}, ${facts.join(", ")}`;
}

const icmpNames: Readonly<Record<string, string>> = {
  "icmp 0": "echo reply",
  "icmp 3": "destination unreachable",
  "icmp 5": "redirect",
  "icmp 8": "echo request",
  "icmp 11": "time exceeded",
  "icmp 12": "parameter problem",
  "ipv6-icmp 1": "destination unreachable",
  "ipv6-icmp 2": "packet too big",
  "ipv6-icmp 3": "time exceeded",
  "ipv6-icmp 4": "parameter problem",
  "ipv6-icmp 128": "echo request",
  "ipv6-icmp 129": "echo reply",
  "ipv6-icmp 133": "router solicitation",
  "ipv6-icmp 134": "router advertisement",
  "ipv6-icmp 135": "neighbour solicitation",
  "ipv6-icmp 136": "neighbour advertisement",
};

function icmpWords(protocol: string, type: number, code: number): string {
  const name = icmpNames[`${protocol} ${type}`];
  const numbers = code === 0 ? `type ${type}` : `type ${type} code ${code}`;
  return name === undefined ? numbers : `${name} (${numbers})`;
}
