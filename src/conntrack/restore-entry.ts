import { connectionStatus, sameFlow } from "../packet/connection.ts";
import { Entry } from "./entry.ts";
import { assignHelper } from "./helper/assign-helper.ts";
import type { ListedConnection } from "./listed-connection.ts";
import { protocol } from "./protocol-numbers.ts";
import { openSctpFlow, type SctpFlow } from "./sctp/flow.ts";
import { type SctpState, sctpStates } from "./sctp/states.ts";
import { TcpFlow, tcpFlag } from "./tcp/flow.ts";
import { type TcpState, tcpStates } from "./tcp/states.ts";
import { invertTuple } from "./tuple.ts";

/** The entry that a line of `conntrack -L` tells of, as it is `now` (seconds since 1970). */
export function restoreEntry(listed: ListedConnection, now: number, accounting: boolean): Entry {
  const { original, reply, zone, counters, helper } = listed;
  const entry = new Entry(original, zone, accounting);
  entry.reply = reply;
  entry.makeRare().isListed = true;
  entry.status = statusOf(listed);
  entry.mark = listed.mark;
  entry.timeout = now + listed.secondsLeft;
  if (original.protocol === protocol.tcp) entry.tcp = restoreTcp(listed.state);
  if (original.protocol === protocol.sctp) entry.sctp = restoreSctp(listed.state);
  if (helper !== undefined) assignHelper(entry, helper);
  if (accounting && counters) {
    entry.makeRare().counters = { original: { ...counters.original }, reply: { ...counters.reply } };
  }
  return entry;
}

/** What is in the table has passed the nat table's hooks, so that no packet of it is asked about there again. */
function statusOf({ original, reply, seenReply, assured }: ListedConnection): number {
  const { confirmed, sourceNatDone, destinationNatDone, sourceNat, destinationNat } = connectionStatus;
  const plain = invertTuple(original);
  let status = confirmed | sourceNatDone | destinationNatDone;
  if (seenReply) status |= connectionStatus.seenReply;
  if (assured) status |= connectionStatus.assured;
  if (!plain || sameFlow(plain, reply)) return status;
  // ICMP's one id stands for both ports: it was changed with the source
  const isIcmp = original.protocol === protocol.icmp || original.protocol === protocol.icmpv6;
  const sourceChanged =
    reply.destination !== original.source || reply.destinationPort !== original.sourcePort;
  const destinationChanged =
    reply.source !== original.destination || (!isIcmp && reply.sourcePort !== original.destinationPort);
  if (sourceChanged) status |= sourceNat;
  if (destinationChanged) status |= destinationNat;
  return status;
}

/** Windows and options are not listed: both sides are taken as those of a connection that Linux comes upon midway. */
function restoreTcp(state: string | undefined): TcpFlow {
  const flow = new TcpFlow();
  flow.state = tcpStates.find((one): one is TcpState => one === state) ?? "NONE";
  for (const direction of ["original", "reply"] as const) {
    flow.side(direction).flags = tcpFlag.sackPermitted | tcpFlag.beLiberal;
  }
  return flow;
}

function restoreSctp(state: string | undefined): SctpFlow {
  const flow = openSctpFlow();
  flow.learnsTags = true;
  flow.state = sctpStates.find((one): one is SctpState => one === state) ?? "NONE";
  return flow;
}
