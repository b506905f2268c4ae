import type { Tuple } from "../../packet/connection.ts";
import { Chains } from "../chains.ts";
import type { Entry } from "../entry.ts";
import { hashPacked, type PackedTuple, packTuple } from "../packed-tuple.ts";

/** What a source is: an address and port of a protocol, in a zone. */
interface Source {
  readonly packed: PackedTuple;
  readonly zone: number;
}

/**
 * Entries whose source NAT is settled, by where they come from (nf_nat_bysource). Only the youngest one of a source stands in
 * the chains, and the others in a list behind it: a scan from a single port, with all its connections from one source, costs
 * no more than other traffic.
 */
export class SourceIndex {
  private readonly youngest = new Chains({
    hash: hashSource,
    next: (entry) => entry.nextBySource,
    setNext: (entry, next) => {
      entry.nextBySource = next;
    },
  });

  add(entry: Entry): void {
    const youngest = this.find({ packed: entry, zone: entry.zone.original });
    if (youngest) {
      this.youngest.remove(youngest);
      youngest.younger = entry;
      entry.older = youngest;
    }
    this.youngest.add(entry);
  }

  remove(entry: Entry): void {
    const { older, younger } = entry;
    if (older) older.younger = younger;
    if (younger) younger.older = older;
    else {
      this.youngest.remove(entry);
      if (older) this.youngest.add(older);
    }
    entry.older = undefined;
    entry.younger = undefined;
  }

  /** Those from the tuple's source, youngest first. */
  *from(tuple: Tuple): Generator<Entry> {
    let entry = this.find({ packed: packTuple(tuple), zone: tuple.zone });
    while (entry) {
      yield entry;
      entry = entry.older;
    }
  }

  private find({ packed, zone }: Source): Entry | undefined {
    let entry = this.youngest.first(hashSource(packed));
    while (entry && !(sameSource(entry, packed) && entry.zone.original === zone)) entry = entry.nextBySource;
    return entry;
  }
}

const hashSource = ({ source, ports, kind }: PackedTuple): number =>
  hashPacked({ ports: ports >>> 16, kind: kind >>> 16, source, destination: 0 });

const sameSource = (a: PackedTuple, b: PackedTuple): boolean =>
  a.source === b.source && a.ports >>> 16 === b.ports >>> 16 && a.kind >>> 16 === b.kind >>> 16;
