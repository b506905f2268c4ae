import type { ComparedCounters, CountedPlace } from "../capture/counter-comparison.ts";
import { type Flow, verdictsOf } from "../capture/flow-table.ts";
import type { Decision } from "../evaluate/trace.ts";
import type { Counters } from "../model/ruleset.ts";
import { printAddress } from "../packet/address.ts";
import { type ReplayResult, remarks } from "./replay.ts";
import { type PrintRule, viewRule } from "./rule-view.ts";
import type { JsonObject } from "./trace-json.ts";

/** How many flows are listed, largest first. */
const listedFlows = 1000;

export function replayJson(result: ReplayResult, printRule: PrintRule): JsonObject {
  const { file, captures, problems, count, coverage, against, assumptions } = result;
  const { packets, bytes, replayed, from, to, truncated, filled, left, flows } = count;
  const rules = coverage.rules.map(({ place, rule, hits }) => ({
    ...viewRule(rule, place, printRule),
    hits,
  }));
  return {
    version: 1,
    rules: file,
    captures: [...captures],
    problems: problems.map((one) => ({ ...one })),
    packets,
    bytes,
    replayed,
    from: from ?? null,
    to: to ?? null,
    truncated,
    filled,
    alreadySent: left,
    verdicts: Object.fromEntries([...count.verdicts].map(([verdict, tally]) => [verdict, { ...tally }])),
    deciders: count.deciders().map(({ verdict, packets, bytes, decision }) => ({
      verdict,
      packets,
      bytes,
      ...decisionJson(decision, printRule),
    })),
    flows: {
      byVerdict: Object.fromEntries(flows.byVerdicts()),
      evicted: flows.evicted,
      largest: flows.largest(listedFlows).map(flowJson),
    },
    entries: rules,
    neverHit: rules.filter(({ hits }) => hits === 0).length,
    ...(against && { against: comparisonJson(against, printRule) }),
    skipped: Object.fromEntries(count.skipped),
    remarks: [...remarks(count)],
    assumptions: [...assumptions],
  };
}

function decisionJson(decision: Decision, printRule: PrintRule): JsonObject {
  switch (decision.kind) {
    case "rule":
      return { by: "rule", ...viewRule(decision.rule, decision, printRule) };
    case "policy":
      return { by: "policy", table: decision.table, chain: decision.chain };
    case "host":
      return { by: "host", reason: decision.reason };
  }
}

const flowJson = (flow: Flow): JsonObject => ({
  protocol: flow.protocol,
  source: printAddress(flow.source),
  destination: printAddress(flow.destination),
  ...(flow.sourcePort === undefined ? {} : { sourcePort: flow.sourcePort }),
  ...(flow.destinationPort === undefined ? {} : { destinationPort: flow.destinationPort }),
  ...flow.tally,
  verdict: verdictsOf(flow),
});

function comparisonJson(
  { file, comparison }: NonNullable<ReplayResult["against"]>,
  printRule: PrintRule,
): JsonObject {
  const { compared, onlyReplayed, onlyTold } = comparison;
  const place = ({ table, chain, number, rule }: CountedPlace): JsonObject =>
    rule && number !== "policy"
      ? { ...viewRule(rule, { table, chain, number }, printRule) }
      : { table, chain, number: "policy" };
  const entry = (one: ComparedCounters): JsonObject => ({
    ...place(one),
    replayed: numbers(one.replayed),
    dump: numbers(one.told),
    ratio: one.ratio ?? null,
    agrees: one.agrees,
  });
  const first = compared.find(({ agrees }) => !agrees);
  return {
    dump: file,
    entries: compared.map(entry),
    first: first ? place(first) : null,
    onlyInRules: onlyReplayed.map(place),
    onlyInDump: onlyTold.map(place),
  };
}

/** Counters beyond 2^53 lose digits: 9 petabytes. */
const numbers = ({ packets, bytes }: Counters): JsonObject => ({
  packets: Number(packets),
  bytes: Number(bytes),
});
