import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { lineTableOf } from "../diagnostics/line-table.ts";
import type { Backend } from "../model/hooks.ts";
import type { Family } from "../packet/address.ts";
import type { FlowPacket } from "./flow.ts";
import type { PrintRule } from "./rule-view.ts";
import { type JsonObject, traceJson } from "./trace-json.ts";

export interface FlowJsonInput {
  readonly rules: string;
  readonly family: Family;
  readonly backend: Backend;
  readonly diagnostics: readonly Diagnostic[];
  readonly packets: readonly FlowPacket[];
}

/** The object that docs/trace-json.md describes. */
export function flowJson(input: FlowJsonInput, printRule: PrintRule): JsonObject {
  const { rules, family, backend, diagnostics, packets } = input;
  return {
    version: 1,
    rules,
    family,
    backend,
    diagnostics: diagnostics.map(diagnosticJson),
    packets: packets.map(({ name, at, trace, disappointments }) => ({
      name,
      at,
      trace: traceJson(trace, printRule),
      expectation: disappointments && {
        holds: disappointments.length === 0,
        failures: disappointments.map((one) => ({ ...one })),
      },
    })),
  };
}

function diagnosticJson({ code, severity, message, source, span, notes, help }: Diagnostic): JsonObject {
  const { line, column } = lineTableOf(source).position(span.start);
  return { code, severity, message, file: source.name, line, column, notes, help };
}
