import { LRUCache } from "lru-cache";
import type { Fate } from "../evaluate/trace.ts";
import type { Address, Family } from "../packet/address.ts";
import { Packet } from "../packet/packet.ts";
import { transportOf } from "./transport.ts";

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
    const { protocol, offset, fragmentOffset } = transportOf(bytes);
    const hasPorts = withPorts.has(protocol) && fragmentOffset === 0 && offset + 4 <= bytes.length;
    const family = bytes[0]! >>> 4 === 6 ? "ipv6" : "ipv4";
    const key = keyOf(bytes, family, protocol, hasPorts ? offset : undefined);
    let flow = this.flows.get(key);
    if (!flow) {
      const { source, destination } = new Packet(bytes);
      flow = {
        protocol,
        source,
        destination,
        sourcePort: hasPorts ? wordAt(bytes, offset) : undefined,
        destinationPort: hasPorts ? wordAt(bytes, offset + 2) : undefined,
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

/** The same for both directions: the smaller end first. `ports`: where they stand, if there are any. */
function keyOf(bytes: Uint8Array, family: Family, protocol: number, ports: number | undefined): string {
  const addresses = family === "ipv4" ? 12 : 8;
  const size = family === "ipv4" ? 4 : 16;
  const order =
    compareBytes(bytes, addresses, addresses + size, size) ||
    (ports === undefined ? 0 : compareBytes(bytes, ports, ports + 2, 2));
  const first = order > 0 ? 1 : 0;
  const second = 1 - first;
  const kind = protocol * 2 + (ports === undefined ? 0 : 1);
  const port = ports === undefined ? 0 : wordAt(bytes, ports + 2 * first);
  const otherPort = ports === undefined ? 0 : wordAt(bytes, ports + 2 * second);
  const at = addresses + size * first;
  const other = addresses + size * second;
  if (family === "ipv4") {
    // spelt out, as each packet of a replay comes by here
    const [high, low] = [wordAt(bytes, at), wordAt(bytes, at + 2)];
    return String.fromCharCode(
      kind,
      port,
      otherPort,
      high,
      low,
      wordAt(bytes, other),
      wordAt(bytes, other + 2),
    );
  }
  const words = [at, other].flatMap((from) =>
    [0, 2, 4, 6, 8, 10, 12, 14].map((to) => wordAt(bytes, from + to)),
  );
  return String.fromCharCode(kind, port, otherPort, ...words);
}

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

function compareBytes(bytes: Uint8Array, one: number, other: number, size: number): number {
  for (let i = 0; i < size; i++) {
    const difference = bytes[one + i]! - bytes[other + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
