import { connectionStatus, sameFlow, type Tuple, type Zone } from "../packet/connection.ts";
import type { ConnectionLookup, Context } from "../packet/context.ts";

/** New connections that are counted in one tick before the list is looked through again (CONNCOUNT_GC_MAX_COLLECT). */
const maxUnchecked = 64;

/** What is kept of a connection that was counted. */
interface Kept {
  /** The original tuple where the packet was tracked, else the packet's own. */
  readonly tuple: Tuple;
  /** Where the tuple is looked for. */
  readonly zone: Zone;
}

/** The connection of the packet that is counted. */
export interface Counted extends Kept {
  /** `connectionStatus` bits; 0 where there is no connection. */
  readonly status: number;
}

const defaultZone = { id: 0, original: 0, reply: 0 } as const;

/** The connection that a packet belongs to, tracked or by its headers alone; `undefined` where they give no tuple. */
export function countedOf({ packet, world }: Context): Counted | undefined {
  const { tracking } = packet;
  if (tracking?.kind === "tracked" && !tracking.connection.isTemplate) {
    const { original, status, zone } = tracking.connection;
    return { tuple: original, status, zone: zone ?? defaultZone };
  }
  if (world.connections.lookUp === undefined)
    world.assume("connlimit of a packet that conntrack does not track");
  const found = world.connections.lookUp?.(packet);
  return found && { tuple: found.tuple, status: found.connection?.status ?? 0, zone: found.zone };
}

interface List {
  kept: Kept[];
  lastCheck: number;
  lastCheckCount: number;
}

/**
 * Counts the connections that have one key, e.g. a source address, as net/netfilter/nf_conncount.c of Linux 6.18 does:
 * a list of tuples for each key, from which those leave whose conntrack entry is gone or closed. A list is looked through
 * at most once a tick unless the packet's own connection is established. One processor is assumed.
 */
export class ConnectionCounter {
  readonly #lists = new Map<string, List>();

  /** The number of connections with this key, the packet's own among them; 0 where Linux gives up and drops the packet. */
  count(key: string, { status, ...own }: Counted, connections: ConnectionLookup, jiffies: number): number {
    const list = this.#lists.get(key);
    if (list === undefined) {
      this.#lists.set(key, { kept: [own], lastCheck: jiffies, lastCheckCount: 0 });
      return 1;
    }
    const confirmed = (status & connectionStatus.confirmed) !== 0;
    if (confirmed && status & connectionStatus.assured) {
      // an established connection is counted or came before the rule: it is not added, only the others are checked
      if (jiffies !== list.lastCheck) check(list, undefined, connections, jiffies);
      return list.kept.length;
    }
    const unchecked = list.kept.length - list.lastCheckCount;
    if (!confirmed && jiffies === list.lastCheck && unchecked < maxUnchecked) {
      list.kept.push(own);
      return list.kept.length;
    }
    if (!check(list, own, connections, jiffies)) list.kept.push(own);
    return list.kept.length;
  }
}

/**
 * Drops the tuples whose entry is gone or closed. Stops and says so where the packet's own tuple is met, if the entry that
 * has it began in the packet's zone: one that was found by its replies' zone is counted again with each packet.
 */
function check(list: List, own: Kept | undefined, connections: ConnectionLookup, jiffies: number): boolean {
  const kept: Kept[] = [];
  let collected = 0;
  for (const [index, each] of list.kept.entries()) {
    if (collected > maxUnchecked) {
      kept.push(...list.kept.slice(index));
      break;
    }
    const found = connections.find(each.tuple, each.zone);
    const isOwn = own && sameFlow(each.tuple, own.tuple) && found?.zone.original === own.zone.original;
    if (found?.confirmed && isOwn) {
      list.kept = [...kept, ...list.kept.slice(index)];
      return true;
    }
    if (!found?.confirmed || found.tcpState === "TIME_WAIT" || found.tcpState === "CLOSE") collected++;
    else kept.push(each);
  }
  list.kept = kept;
  list.lastCheck = jiffies;
  list.lastCheckCount = kept.length;
  return false;
}
