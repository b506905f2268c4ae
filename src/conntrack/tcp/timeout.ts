import type { TcpSettings } from "../settings.ts";
import { type TcpFlow, tcpFlag } from "./flow.ts";
import type { Segment } from "./segment.ts";
import type { TcpState } from "./states.ts";

/** Seconds that a connection stays after a segment that counted: the state's own, or less where it seems stuck. */
export function chooseTimeout(
  flow: TcpFlow,
  segment: Segment,
  state: TcpState,
  settings: TcpSettings,
): number {
  const { timeouts, retransmission, unacknowledged } = settings;
  const usual = state === "NONE" ? timeouts.SYN_SENT : timeouts[state];
  const flags = flow.side("original").flags | flow.side("reply").flags;
  if (flow.retransmissions >= settings.maxRetransmissions && usual > retransmission) return retransmission;
  if (segment.kind === "RST") return timeouts.CLOSE;
  if (flags & tcpFlag.dataUnacknowledged && usual > unacknowledged) return unacknowledged;
  if (flow.lastWindow === 0 && usual > retransmission) return retransmission;
  return usual;
}
