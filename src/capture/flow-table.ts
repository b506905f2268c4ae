import type { Fate } from "../evaluate/trace.ts";
import type { Address } from "../packet/address.ts";
import { FlowKey, readKind } from "./flow-key.ts";
import { FlowRows } from "./flow-rows.ts";

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
  readonly byVerdict: readonly number[];
}

/** The verdicts that a flow's packets met: `ACCEPT`, or `ACCEPT+DROP` for one that was cut. */
export const verdictsOf = ({ byVerdict }: Pick<Flow, "byVerdict">): string =>
  verdicts.filter((_, index) => byVerdict[index]! > 0).join("+");

/** The flows of a replay, so many at once; the ones that had no packet for longest are only counted from then on. */
export class FlowTable {
  /** How many flows were taken out to make room. One that comes back is counted again. */
  evicted = 0;
  private readonly counts = new Map<string, number>();
  private readonly flows: FlowRows;
  private readonly key = new FlowKey();
  /** `verdictsOf` by which verdicts there are, as bits. */
  private readonly names: string[] = [];
  private readonly leaving = (row: number): void => {
    this.evicted++;
    this.count(this.counts, row);
  };

  constructor(limit: number) {
    this.flows = new FlowRows(limit);
  }

  /** Counts the IP packet that starts at `packetAt` and goes to the end of `bytes`. */
  add(bytes: Uint8Array, packetAt: number, verdict: Verdict): void {
    this.key.read(bytes, packetAt);
    this.flows.add(this.key, bytes.length - packetAt, verdicts.indexOf(verdict), this.leaving);
  }

  /** How many flows met which verdicts. */
  byVerdicts(): ReadonlyMap<string, number> {
    const counts = new Map(this.counts);
    for (const row of this.flows.rows()) this.count(counts, row);
    return counts;
  }

  /** The flows with most packets, of those that are still in the table. */
  largest(limit: number, which: (flow: Flow) => boolean = () => true): readonly Flow[] {
    return Array.from(this.flows.rows(), (row) => this.flowAt(row))
      .filter(which)
      .sort((one, other) => other.tally.packets - one.tally.packets)
      .slice(0, limit);
  }

  private count(counts: Map<string, number>, row: number): void {
    const mask = this.flows.verdictMask(row);
    const name = this.names[mask] ?? verdictsOf(this.flowAt(row));
    this.names[mask] = name;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  private flowAt(row: number): Flow {
    const { flows } = this;
    const key = flows.keyOf(row);
    const { protocol, hasPorts, addressWords } = readKind(key[0]!);
    const byVerdict = [...flows.verdictsOf(row)];
    const ports = [key[1]! >>> 16, key[1]! & 0xffff] as const;
    const addresses = [
      addressAt(key, 2, addressWords),
      addressAt(key, 2 + addressWords, addressWords),
    ] as const;
    const [from, to] = flows.isSwapped(row) ? ([1, 0] as const) : ([0, 1] as const);
    return {
      protocol,
      source: addresses[from],
      destination: addresses[to],
      sourcePort: hasPorts ? ports[from] : undefined,
      destinationPort: hasPorts ? ports[to] : undefined,
      tally: { packets: byVerdict.reduce((sum, packets) => sum + packets, 0), bytes: flows.bytesOf(row) },
      byVerdict,
    };
  }
}

function addressAt(words: Int32Array, at: number, count: number): Address {
  if (count === 1) return words[at]! >>> 0;
  let address = 0n;
  for (let index = 0; index < count; index++) address = (address << 32n) | BigInt(words[at + index]! >>> 0);
  return address;
}
