import type { Trace } from "../evaluate/trace.ts";
import type { Analysis, PacketSet, Path, Region } from "./analysis.ts";
import type { CheckStatus, Counterexample } from "./policy-check.ts";

/** A set of packets on one of the ways through the host. */
export interface PathSet {
  readonly path: Path;
  readonly packets: PacketSet;
}

/** What is asserted of sets of packets. */
export interface Assertion {
  /** All of them are accepted, or none. */
  readonly kind: "accept" | "deny";
  readonly sets: readonly PathSet[];
  /** There are no such packets, whatever the rules are. */
  readonly isEmpty: boolean;
}

/** What came of an assertion. */
export interface Proof {
  readonly status: CheckStatus;
  readonly message: string;
  readonly counterexample: Counterexample | undefined;
  readonly assumptions: readonly string[];
}

/** Finds a packet of a set that the machine treats so; `undefined` where none can be written in words. */
export type Exemplify = (
  packets: PacketSet,
  path: Path,
  holds: (trace: Trace) => boolean,
) => Counterexample | undefined;

/** Packets that are tried before a difference between sets and machine is left open. */
const tries = 12;

/**
 * Proves an assertion for every packet, or breaks it with one packet that the machine treats so. What neither succeeds is
 * `unknown`: then the assumptions name what decides.
 */
export function prove(assertion: Assertion, analysis: Analysis, exemplify: Exemplify): Proof {
  const { space, assumptions } = analysis;
  if (assertion.isEmpty) {
    const message = "there is no such packet: the words contradict each other";
    return { status: "fail", message, counterexample: undefined, assumptions };
  }
  const breaking = assertion.sets.flatMap((set) => breakingPieces(assertion.kind, set, analysis));
  if (breaking.length === 0) {
    const how =
      assertion.kind === "accept"
        ? "every packet of the set is accepted"
        : "no packet of the set is accepted";
    return { status: "pass", message: `proved: ${how}`, counterexample: undefined, assumptions };
  }
  const broken = `a packet of the set is ${assertion.kind === "accept" ? "not accepted" : "accepted"}`;
  for (const { path, packets } of candidates(breaking, space)) {
    const counterexample = exemplify(packets, path, (trace) => breaks(assertion.kind, trace));
    if (counterexample === undefined) continue;
    return {
      status: "fail",
      message: broken,
      counterexample,
      assumptions: [...assumptions, ...counterexample.trace.assumptions],
    };
  }
  const deciders = [...new Set(breaking.flatMap(({ packets }) => space.deciders(packets)))];
  const queued = breaking.some(({ queued }) => queued)
    ? ["a program of the user's decides about queued packets"]
    : [];
  return {
    status: "unknown",
    message: `it can neither be shown that ${broken} nor proved that none is`,
    counterexample: undefined,
    assumptions: [...deciders.map((name) => `it depends on ${name}`), ...queued, ...assumptions],
  };
}

interface Piece extends PathSet {
  readonly queued: boolean;
}

/** The part of each region that breaks the assertion, or may: of queued packets nobody knows. */
function breakingPieces(
  kind: Assertion["kind"],
  { path, packets }: PathSet,
  analysis: Analysis,
): readonly Piece[] {
  if (packets === 0) return [];
  const { space } = analysis;
  return analysis
    .path(path, packets)
    .endings.filter(({ outcome }) => isBreaking(kind, outcome))
    .flatMap((ending) => ending.regions())
    .map((region) => ({
      path,
      packets: space.and(packets, region.packets),
      queued: region.outcome === "QUEUE",
    }))
    .filter((piece) => piece.packets !== 0);
}

const isBreaking = (kind: Assertion["kind"], outcome: Region["outcome"]): boolean =>
  outcome === "QUEUE" || (outcome === "ACCEPT") === (kind === "deny");

/** First what breaks the assertion whatever the free variables are, then what may. */
function candidates(pieces: readonly Piece[], space: Analysis["space"]): readonly PathSet[] {
  const isSure = ({ packets }: Piece) => space.definitely(packets) !== 0;
  const sure = pieces.filter(isSure).slice(0, tries);
  return [...sure, ...pieces.filter((piece) => !isSure(piece)).slice(0, tries)];
}

function breaks(kind: Assertion["kind"], { fate: { verdict, outcome } }: Trace): boolean {
  if (outcome === "held" || verdict === "QUEUE") return false;
  return (verdict === "ACCEPT") === (kind === "deny");
}
