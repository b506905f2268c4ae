import { LRUCache } from "lru-cache";
import type { Fate } from "../evaluate/trace.ts";
import type { Address } from "../packet/address.ts";
import { Packet } from "../packet/packet.ts";

export type Verdict = Fate["verdict"];
export const verdicts: readonly Verdict[] = ["ACCEPT", "DROP", "REJECT", "QUEUE"];

export interface Tally {
  packets: number;
  bytes: number;
}

/** Packets between two ends, in both directions; the ends as the first packet has them. */
export interface Flow {
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  /** Absent where the protocol has none, and for fragments. */
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
  readonly tally: Tally;
  /** Packets by verdict, in the order of `verdicts`. */
  readonly byVerdict: number[];
}

/** The verdicts that a flow's packets met: `ACCEPT`, or `ACCEPT+DROP` for one that was cut. */
export const verdictsOf = ({ byVerdict }: Flow): string =>
  verdicts.filter((_, index) => byVerdict[index]! > 0).join("+");

const withPorts = new Set([6, 17, 33, 132, 136]);

/** The flows of a replay, so many at once; the ones that had no packet for longest are only counted from then on. */
export class FlowTable {
  /** How many flows were taken out to make room. One that comes back is counted again. */
  evicted = 0;
  private readonly counts = new Map<string, number>();
  private readonly flows: LRUCache<string, Flow>;

  constructor(limit: number) {
    this.flows = new LRUCache<string, Flow>({
      max: limit,
      dispose: (flow, _key, reason) => {
        if (reason !== "evict") return;
        this.evicted++;
        this.count(this.counts, flow);
      },
    });
  }

  add(bytes: Uint8Array, verdict: Verdict): void {
    const packet = new Packet(bytes);
    const { protocol } = packet;
    const hasPorts = withPorts.has(protocol) && packet.fragmentOffset === 0 && packet.transportWord(2) >= 0;
    const key = keyOf(packet, protocol, hasPorts);
    let flow = this.flows.get(key);
    if (!flow) {
      flow = {
        protocol,
        source: packet.source,
        destination: packet.destination,
        sourcePort: hasPorts ? packet.transportWord(0) : undefined,
        destinationPort: hasPorts ? packet.transportWord(2) : undefined,
        tally: { packets: 0, bytes: 0 },
        byVerdict: verdicts.map(() => 0),
      };
      this.flows.set(key, flow);
    }
    flow.tally.packets++;
    flow.tally.bytes += bytes.length;
    flow.byVerdict[verdicts.indexOf(verdict)]!++;
  }

  /** How many flows met which verdicts. */
  byVerdicts(): ReadonlyMap<string, number> {
    const counts = new Map(this.counts);
    for (const flow of this.flows.values()) this.count(counts, flow);
    return counts;
  }

  /** The flows with most packets, of those that are still in the table. */
  largest(limit: number, which: (flow: Flow) => boolean = () => true): readonly Flow[] {
    return [...this.flows.values()]
      .filter(which)
      .sort((one, other) => other.tally.packets - one.tally.packets)
      .slice(0, limit);
  }

  private count(counts: Map<string, number>, flow: Flow): void {
    const name = verdictsOf(flow);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
}

/** The same for both directions: the smaller end first. */
function keyOf({ bytes, family, transportOffset }: Packet, protocol: number, hasPorts: boolean): string {
  const [from, size] = family === "ipv4" ? [12, 4] : [8, 16];
  const words = [protocol, hasPorts ? 1 : 0];
  const order =
    compareBytes(bytes, from, from + size, size) ||
    (hasPorts ? compareBytes(bytes, transportOffset, transportOffset + 2, 2) : 0);
  const first = order > 0 ? 1 : 0;
  for (let end = 0; end < 2; end++) {
    const index = end ^ first;
    for (let at = from + index * size; at < from + (index + 1) * size; at += 2) words.push(wordAt(bytes, at));
    if (hasPorts) words.push(wordAt(bytes, transportOffset + 2 * index));
  }
  return String.fromCharCode(...words);
}

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

function compareBytes(bytes: Uint8Array, one: number, other: number, size: number): number {
  for (let i = 0; i < size; i++) {
    const difference = bytes[one + i]! - bytes[other + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
