import { protocolName } from "../packet/protocols.ts";
import { destinationEnd, type PacketSummary, sourceEnd } from "../packet/summary.ts";

/** `tcp 198.51.100.7:40000 -> 192.0.2.1:22 SYN, 40 bytes, ttl 64` */
export function packetLine(summary: PacketSummary): string {
  const { protocol, tcpFlags, icmpType, icmpCode, icmpId } = summary;
  const words = [protocolName(protocol), sourceEnd(summary), "->", destinationEnd(summary)];
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

/** By protocol and type. */
const icmpNames: Readonly<Record<string, string>> = {
  "1 0": "echo reply",
  "1 3": "destination unreachable",
  "1 5": "redirect",
  "1 8": "echo request",
  "1 11": "time exceeded",
  "1 12": "parameter problem",
  "58 1": "destination unreachable",
  "58 2": "packet too big",
  "58 3": "time exceeded",
  "58 4": "parameter problem",
  "58 128": "echo request",
  "58 129": "echo reply",
  "58 133": "router solicitation",
  "58 134": "router advertisement",
  "58 135": "neighbour solicitation",
  "58 136": "neighbour advertisement",
};

function icmpWords(protocol: number, type: number, code: number): string {
  const name = icmpNames[`${protocol} ${type}`];
  const numbers = code === 0 ? `type ${type}` : `type ${type} code ${code}`;
  return name === undefined ? numbers : `${name} (${numbers})`;
}
