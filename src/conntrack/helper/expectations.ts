import type { Address } from "../../packet/address.ts";
import { connectionStatus, type Direction, type Tuple } from "../../packet/connection.ts";
import type { Entry } from "../entry.ts";
import type { DrawnPort } from "../nat/unique-tuple.ts";
import { printExpectation } from "./print-expectation.ts";

/** A connection that a helper has read of on another one, its master: from anywhere on `source` to one port. */
export interface Expectation {
  readonly master: Entry;
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  readonly destinationPort: number;
  /** NAT that the expected connection shall share with its master; absent where the master has none. */
  readonly follow?: {
    /** The master's direction in which the expected connection goes. */
    readonly direction: Direction;
    /** The port as the end that listens on it knows it. */
    readonly port: number;
  };
}

/** Seconds that an expectation waits for its connection: the ftp helper's policy. */
const patience = 300;

const mostAttempts = 128;

/** What is expected; a master of the ftp helper expects one connection at a time (nf_conntrack_expect.c). */
export class Expectations {
  private waiting: { readonly expectation: Expectation; readonly until: number }[] = [];
  private readonly now: () => number;
  private readonly random: () => number;
  private readonly drawnPort: DrawnPort | undefined;

  constructor(now: () => number, random: () => number, drawnPort?: DrawnPort) {
    this.now = now;
    this.random = random;
    this.drawnPort = drawnPort;
  }

  /**
   * nf_nat_exp_find_port (nf_nat_helper.c): at its port or, where another master expects that, at a later one that is drawn. The
   * port; 0 where none was found. Port 0 is expected like any other and only then taken for a failure.
   */
  addAtFreePort(expectation: Expectation): number {
    const { master, destinationPort: first } = expectation;
    const range = 65535 - first;
    for (let port = first, attempts = Math.min(range, mostAttempts); ; attempts--) {
      if (this.add({ ...expectation, destinationPort: port })) return port;
      if (attempts === 0) return 0;
      port = this.drawnPort?.(master.original, "expected") ?? first + Math.floor(this.random() * range);
    }
  }

  /** False where another master expects the same. An earlier expectation of this master gives way. */
  add(expectation: Expectation): boolean {
    const now = this.now();
    const isRivalled = this.waiting.some(
      ({ expectation: other, until }) =>
        until > now && other.master !== expectation.master && clash(other, expectation),
    );
    if (isRivalled) return false;
    this.remove(expectation.master);
    this.waiting.unshift({ expectation, until: now + patience });
    return true;
  }

  /** Takes out what expects a new connection with this original tuple in the zone `zone`. */
  take(tuple: Tuple, zone: number): Expectation | undefined {
    const now = this.now();
    const found = this.waiting.find(
      ({ expectation, until }) => until > now && expects(expectation, tuple, zone),
    );
    if (!found) return undefined;
    this.waiting = this.waiting.filter((other) => other !== found);
    return found.expectation.master.has(connectionStatus.dying) ? undefined : found.expectation;
  }

  /** `conntrack -L expect` lines, sorted. */
  list(): readonly string[] {
    const now = this.now();
    return this.waiting
      .filter(({ until }) => until > now)
      .map(({ expectation, until }) => printExpectation(expectation, until - now))
      .sort();
  }

  /** Forgets what this master expects. */
  remove(master: Entry): void {
    this.waiting = this.waiting.filter(({ expectation }) => expectation.master !== master);
  }
}

const clash = (a: Expectation, b: Expectation): boolean =>
  a.protocol === b.protocol &&
  a.source === b.source &&
  a.destination === b.destination &&
  a.destinationPort === b.destinationPort &&
  a.master.zone.id === b.master.zone.id;

const expects = (expectation: Expectation, tuple: Tuple, zone: number): boolean =>
  expectation.protocol === tuple.protocol &&
  expectation.source === tuple.source &&
  expectation.destination === tuple.destination &&
  expectation.destinationPort === tuple.destinationPort &&
  expectation.master.zone.id === zone;
