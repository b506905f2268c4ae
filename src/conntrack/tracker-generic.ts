import { connectionStatus } from "../packet/connection.ts";
import { accept, type Observation, type Tracker } from "./tracker.ts";

const describe = ({ entry }: Observation): string =>
  entry.confirmed
    ? "an entry for these addresses and this protocol"
    : "no entry for these addresses; it opens one";

/** Protocols without a tracker of their own: addresses alone make the connection (nf_conntrack_proto_generic.c). */
export const trackGeneric: Tracker = (observation) => {
  const { entry, packet, direction, now, settings } = observation;
  const reason = describe(observation);
  entry.refresh(now, settings.generic, direction, packet.length);
  return accept(reason);
};

/** GRE (nf_conntrack_proto_gre.c): any answer makes it ASSURED. */
export const trackGre: Tracker = (observation) => {
  const { entry, packet, direction, now, settings } = observation;
  const reason = describe(observation);
  if (entry.has(connectionStatus.seenReply)) {
    entry.refresh(now, settings.gre.stream, direction, packet.length);
    entry.status |= connectionStatus.assured;
  } else entry.refresh(now, settings.gre.unreplied, direction, packet.length);
  return accept(reason);
};
