import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { lineTableOf } from "../diagnostics/line-table.ts";
import type { Backend } from "../model/hooks.ts";
import type { Family } from "../packet/address.ts";
import type { FlowPacket } from "./flow.ts";
import type { Outcome } from "./outcomes.ts";
import { type PrintRule, viewRule } from "./rule-view.ts";
import { type JsonObject, traceJson } from "./trace-json.ts";

interface FlowJsonHead {
  readonly rules: string;
  readonly family: Family;
  readonly backend: Backend;
  readonly diagnostics: readonly Diagnostic[];
}

export interface FlowJsonInput extends FlowJsonHead {
  readonly packets: readonly FlowPacket[];
}

/** The object that docs/trace-json.md describes. */
export function flowJson(input: FlowJsonInput, printRule: PrintRule): JsonObject {
  return { ...head(input), packets: packetsJson(input.packets, printRule) };
}

/** The same with the outcomes of `--explore` in place of the packets. */
export function outcomesJson(
  input: FlowJsonHead & { readonly outcomes: readonly Outcome[]; readonly complete: boolean },
  printRule: PrintRule,
): JsonObject {
  return {
    ...head(input),
    complete: input.complete,
    outcomes: input.outcomes.map(({ probability, ways, packets }) => ({
      probability,
      ways: ways.map((choices) =>
        choices.map((choice) => ({
          packet: choice.packet,
          rule: { ...viewRule(choice.rule, choice, printRule) },
          probability: choice.probability,
          matched: choice.matched,
        })),
      ),
      packets: packetsJson(packets, printRule),
    })),
  };
}

const head = ({ rules, family, backend, diagnostics }: FlowJsonHead) => ({
  version: 1,
  rules,
  family,
  backend,
  diagnostics: diagnostics.map(diagnosticJson),
});

const packetsJson = (packets: readonly FlowPacket[], printRule: PrintRule) =>
  packets.map(({ name, at, trace, disappointments }) => ({
    name,
    at,
    trace: traceJson(trace, printRule),
    expectation: disappointments && {
      holds: disappointments.length === 0,
      failures: disappointments.map((one) => ({ ...one })),
    },
  }));

function diagnosticJson({ code, severity, message, source, span, notes, help }: Diagnostic): JsonObject {
  const { line, column } = lineTableOf(source).position(span.start);
  return { code, severity, message, file: source.name, line, column, notes, help };
}
