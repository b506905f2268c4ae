import type { Tuple } from "../packet/connection.ts";
import { connectionStatus } from "../packet/connection.ts";
import type { ConnectionLookup } from "../packet/context.ts";

/** New connections that are counted in one tick before the list is looked through again (CONNCOUNT_GC_MAX_COLLECT). */
const maxUnchecked = 64;

/** The connection of the packet that is counted. */
export interface Counted {
  /** The original tuple where conntrack knows the connection. */
  readonly tuple: Tuple;
  /** `connectionStatus` bits; 0 where there is no connection. */
  readonly status: number;
  /** The id of its zone, part of the key. */
  readonly zone: number;
}

interface List {
  tuples: Tuple[];
  lastCheck: number;
  lastCheckCount: number;
}

const sameTuple = (a: Tuple, b: Tuple): boolean =>
  a.source === b.source &&
  a.destination === b.destination &&
  a.sourcePort === b.sourcePort &&
  a.destinationPort === b.destinationPort &&
  a.protocol === b.protocol &&
  a.icmpType === b.icmpType &&
  a.icmpCode === b.icmpCode &&
  a.zone === b.zone;

/**
 * Counts the connections that have one key, e.g. a source address, as net/netfilter/nf_conncount.c of Linux 6.18 does:
 * a list of tuples for each key, from which those leave whose conntrack entry is gone or closed. A list is looked through
 * at most once a tick unless the packet's own connection is established. One processor is assumed.
 */
export class ConnectionCounter {
  readonly #lists = new Map<string, List>();

  /** The number of connections with this key, the packet's own among them; 0 where Linux gives up and drops the packet. */
  count(
    key: string,
    { tuple, status }: Pick<Counted, "tuple" | "status">,
    connections: ConnectionLookup,
    jiffies: number,
  ): number {
    const list = this.#lists.get(key);
    if (list === undefined) {
      this.#lists.set(key, { tuples: [tuple], lastCheck: jiffies, lastCheckCount: 0 });
      return 1;
    }
    const confirmed = (status & connectionStatus.confirmed) !== 0;
    if (confirmed && status & connectionStatus.assured) {
      // an established connection is counted or came before the rule: it is not added, only the others are checked
      if (jiffies !== list.lastCheck) check(list, undefined, connections, jiffies);
      return list.tuples.length;
    }
    const unchecked = list.tuples.length - list.lastCheckCount;
    if (!confirmed && jiffies === list.lastCheck && unchecked < maxUnchecked) {
      list.tuples.push(tuple);
      return list.tuples.length;
    }
    if (!check(list, tuple, connections, jiffies)) list.tuples.push(tuple);
    return list.tuples.length;
  }
}

/** Drops the tuples whose entry is gone or closed. Stops and says so where the packet's own tuple is met. */
function check(list: List, own: Tuple | undefined, connections: ConnectionLookup, jiffies: number): boolean {
  const kept: Tuple[] = [];
  let collected = 0;
  for (const [index, tuple] of list.tuples.entries()) {
    if (collected > maxUnchecked) {
      kept.push(...list.tuples.slice(index));
      break;
    }
    const found = connections.find(tuple);
    if (found?.confirmed && own && sameTuple(tuple, own)) {
      list.tuples = [...kept, ...list.tuples.slice(index)];
      return true;
    }
    if (!found?.confirmed || found.tcpState === "TIME_WAIT" || found.tcpState === "CLOSE") collected++;
    else kept.push(tuple);
  }
  list.tuples = kept;
  list.lastCheck = jiffies;
  list.lastCheckCount = kept.length;
  return false;
}
