import { sumWords } from "../packet/checksum.ts";
import { connectionStatus } from "../packet/connection.ts";
import { trustsChecksum } from "../packet/trusted-checksum.ts";
import { protocol } from "./protocol-numbers.ts";
import { accept, invalid, type Observation, type Tracker, verifiesChecksum } from "./tracker.ts";

/** Seconds after which traffic both ways is a stream. */
const streamAfter = 2;

/** UDP (nf_conntrack_proto_udp.c): a flow that is answered and lives on for 2 seconds is a stream, ASSURED and kept longer. */
export const trackUdp: Tracker = (observation) => {
  const { entry, packet, direction, now, settings } = observation;
  const fault = findUdpFault(observation);
  if (fault) return invalid(fault);
  if (!entry.confirmed) entry.streamFrom = now + streamAfter;
  if (!entry.has(connectionStatus.seenReply)) {
    entry.refresh(now, settings.udp.unreplied, direction, packet.length);
    if (!entry.confirmed) return accept("no entry for this tuple; the datagram opens one");
    return accept(
      direction === "reply" ? "the first answer of this flow" : "the flow has had no answer so far",
    );
  }
  const isStream = now > entry.streamFrom;
  entry.refresh(now, isStream ? settings.udp.stream : settings.udp.unreplied, direction, packet.length);
  if (isStream) entry.status |= connectionStatus.assured;
  return accept(
    isStream ? "an answered flow, older than 2 seconds: a stream" : "a datagram of an answered flow",
  );
};

function findUdpFault(observation: Observation): string | undefined {
  const { packet, transportOffset } = observation;
  const left = packet.bytes.length - transportOffset;
  if (left < 8) return "the UDP header is cut short";
  const length = packet.transportWord(4);
  if (length > left || length < 8) return "the UDP length is wrong";
  if (packet.transportWord(6) === 0) return undefined;
  if (verifiesChecksum(observation) && !trustsChecksum(packet, observation.hook))
    return "the UDP checksum is wrong";
  return undefined;
}

/** UDP-Lite (RFC 3828): as UDP, but a checksum is a must and any answer makes a stream. */
export const trackUdplite: Tracker = (observation) => {
  const { entry, packet, direction, now, settings } = observation;
  const fault = findUdpliteFault(observation);
  if (fault) return invalid(fault);
  if (!entry.has(connectionStatus.seenReply)) {
    entry.refresh(now, settings.udp.unreplied, direction, packet.length);
    return accept(
      entry.confirmed ? "the flow has had no answer so far" : "no entry for this tuple; it opens one",
    );
  }
  entry.refresh(now, settings.udp.stream, direction, packet.length);
  entry.status |= connectionStatus.assured;
  return accept("a datagram of an answered flow");
};

function findUdpliteFault(observation: Observation): string | undefined {
  const { packet, transportOffset } = observation;
  const left = packet.bytes.length - transportOffset;
  if (left < 8) return "the UDP-Lite header is cut short";
  const coverage = packet.transportWord(4);
  if (coverage !== 0 && (coverage < 8 || coverage > left)) return "the UDP-Lite checksum coverage is wrong";
  if (packet.transportWord(6) === 0) return "UDP-Lite without a checksum";
  if (verifiesChecksum(observation) && !udpliteChecksumOk(observation, coverage || left)) {
    return "the UDP-Lite checksum is wrong, as Linux computes it: with UDP's protocol number";
  }
  return undefined;
}

/** Linux 6.18 hands UDP's protocol number to nf_checksum_partial, so what other stacks send right counts as wrong. */
function udpliteChecksumOk({ packet, transportOffset }: Observation, coverage: number): boolean {
  const { bytes, family } = packet;
  const addresses = family === "ipv4" ? sumWords(bytes, 12, 20) : sumWords(bytes, 8, 40);
  const pseudoHeader = addresses + protocol.udp + bytes.length - transportOffset;
  return sumWords(bytes, transportOffset, transportOffset + coverage, pseudoHeader) === 0xffff;
}
