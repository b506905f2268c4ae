import { protocolName } from "../../packet/protocols.ts";
import type { Path } from "../path.ts";

/** One packet as its words say it. */
export interface PacketFacts {
  readonly inDevice?: string;
  readonly outDevice?: string;
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** A later fragment has no transport header. */
  readonly fragment?: true;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Byte 13 of the TCP header. */
  readonly tcpFlags?: number;
  readonly icmp?: { readonly type: number; readonly code: number };
  /** The index of ESP, AH or IPComp, where it is not the usual one. */
  readonly spi?: number;
  /** Further options with their values: `--ttl 1`. */
  readonly more: readonly string[];
}

const tcpFlagNames = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];

const indexOptions: Readonly<Record<number, string>> = { 50: "--espspi", 51: "--ahspi", 108: "--ipcompspi" };

export const synFlag = 2;
export const ackFlag = 16;

/** The packet in iptables' words; composed again they give the same packet. */
export function wordsOf(facts: PacketFacts): string {
  const { inDevice, outDevice, protocol, source, destination, sourcePort, destinationPort, icmp } = facts;
  return [
    ...(inDevice === undefined ? [] : [`-i ${inDevice}`]),
    ...(outDevice === undefined ? [] : [`-o ${outDevice}`]),
    `-p ${protocolName(protocol)}`,
    `-s ${source}`,
    `-d ${destination}`,
    ...(facts.fragment ? ["-f"] : []),
    ...(icmp ? [`--icmp-type ${icmp.type}/${icmp.code}`] : []),
    ...(sourcePort === undefined ? [] : [`--sport ${sourcePort}`]),
    ...(destinationPort === undefined ? [] : [`--dport ${destinationPort}`]),
    ...(facts.tcpFlags === undefined ? [] : [flagWords(facts.tcpFlags)]),
    ...(facts.spi === undefined ? [] : [`${indexOptions[protocol]} ${facts.spi}`]),
    ...facts.more,
  ].join(" ");
}

function flagWords(flags: number): string {
  if (flags === synFlag) return "--syn";
  const names = tcpFlagNames.filter((_, bit) => (flags >> bit) & 1);
  return `--tcp-flags ${names.length === 0 ? "NONE" : names.join(",")}`;
}

export const pathOf = ({ inDevice, outDevice }: PacketFacts): Path =>
  inDevice === undefined ? "OUTPUT" : outDevice === undefined ? "INPUT" : "FORWARD";

/** The first packet of the connection that this one goes on with, in the same direction. */
export const opening = (facts: PacketFacts): PacketFacts => ({
  ...withoutMore(facts),
  ...(facts.tcpFlags === undefined ? {} : { tcpFlags: synFlag }),
});

/** The first packet of the connection that this one answers: the other way round. */
export function asked(facts: PacketFacts): PacketFacts {
  const { icmp, protocol } = facts;
  const { inDevice, outDevice, sourcePort, destinationPort, ...rest } = opening(facts);
  return {
    ...rest,
    ...(outDevice === undefined ? {} : { inDevice: outDevice }),
    ...(inDevice === undefined ? {} : { outDevice: inDevice }),
    source: facts.destination,
    destination: facts.source,
    ...(sourcePort === undefined ? {} : { destinationPort: sourcePort }),
    ...(destinationPort === undefined ? {} : { sourcePort: destinationPort }),
    ...(icmp ? { icmp: requestOf(protocol, icmp) } : {}),
  };
}

/** ICMP's replies and the requests that they answer (RFC 792, RFC 4443). */
function requestOf(protocol: number, icmp: NonNullable<PacketFacts["icmp"]>): typeof icmp {
  const requests: Readonly<Record<number, number>> =
    protocol === 58 ? { 129: 128 } : { 0: 8, 14: 13, 18: 17 };
  return { type: requests[icmp.type] ?? icmp.type, code: 0 };
}

/** The datagram that an ICMP error made of words quotes (compose.ts): the packet whose sender is told. */
export function quoted(facts: PacketFacts): PacketFacts {
  const { icmp, ...rest } = asked(facts);
  return { ...rest, protocol: 17, sourcePort: 40000, destinationPort: 33434 };
}

/** An echo request to the packet's destination that comes in over an interface: the address is the host's own then. */
export function greeting({ inDevice, outDevice, source, destination }: PacketFacts): PacketFacts {
  const isIpv6 = destination.includes(":");
  const outer = outDevice === undefined || outDevice === "lo" ? "eth0" : outDevice;
  return {
    inDevice: inDevice ?? outer,
    protocol: isIpv6 ? 58 : 1,
    // a packet of the host's own has its address
    source: inDevice === undefined ? (isIpv6 ? "2001:db8:ffff::7" : "198.51.100.7") : source,
    destination,
    icmp: { type: isIpv6 ? 128 : 8, code: 0 },
    more: [],
  };
}

const withoutMore = ({ fragment, ...facts }: PacketFacts): PacketFacts => ({ ...facts, more: [] });
