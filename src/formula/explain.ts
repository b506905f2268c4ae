import { type Address, printAddress } from "../packet/address.ts";
import { ctstates } from "../packet/connection.ts";
import type { Context } from "../packet/context.ts";
import type { Field } from "../packet/fields.ts";
import { compile } from "./compile.ts";
import type { Formula } from "./formula.ts";

/** A condition that failed: what was asked, and what the packet has there. Both for people. */
export interface Miss {
  readonly condition: string;
  readonly found: string;
}

/**
 * The one pure condition of a conjunction that fails on this packet, or `undefined` where none or more than one fail, or
 * where the answer hangs on a memory (stateful leaves are not touched) or on something that is not modelled.
 */
export function onlyMiss(parts: readonly Formula[], context: Context): Miss | undefined {
  let miss: Formula | undefined;
  for (const part of parts.flatMap(conjuncts)) {
    if (!isPure(part)) return undefined;
    const trial = { ...context, hotdrop: false };
    if (compile(part, context.world)(trial)) continue;
    if (miss !== undefined || trial.hotdrop || part.kind === "hotdrop") return undefined;
    miss = part;
  }
  return miss && { condition: describeFormula(miss), found: describeFound(miss, context) };
}

const conjuncts = (formula: Formula): readonly Formula[] =>
  formula.kind === "and" ? formula.of.flatMap(conjuncts) : [formula];

/** Whether a formula is a function of packet, host and clock alone, all of it modelled. */
export function isPure(formula: Formula): boolean {
  switch (formula.kind) {
    case "and":
    case "or":
      return formula.of.every(isPure);
    case "not":
    case "hotdrop":
      return isPure(formula.of);
    case "stateful":
    case "unknown":
      return false;
    default:
      return true;
  }
}

/** A formula in words, e.g. `destination port is 22`. */
export function describeFormula(formula: Formula): string {
  switch (formula.kind) {
    case "always":
      return formula.value ? "anything" : "nothing";
    case "in": {
      const { field, ranges } = formula;
      const values = ranges.map(([low, high]) =>
        low === high ? showValue(field, low) : `${showValue(field, low)}-${showValue(field, high)}`,
      );
      return `${field.name} is ${values.join(" or ")}`;
    }
    case "masked": {
      const { field, mask, value } = formula;
      if (field.show === "ctstate") return `${field.name} is ${showValue(field, value)}`;
      return `${field.name} is ${showValue(field, value)}/${showValue(field, mask)}`;
    }
    case "device":
      return `${deviceNames[formula.field]} is ${formula.name}${formula.prefix ? "+" : ""}`;
    case "and":
      return formula.of.map(describeFormula).join(" and ");
    case "or":
      return formula.of.map(describeFormula).join(" or ");
    case "not":
      return formula.of.kind === "masked" && formula.of.value === 0 && formula.of.field.show === "ctstate"
        ? `${formula.of.field.name} is ${showValue(formula.of.field, formula.of.mask)}`
        : `not (${describeFormula(formula.of)})`;
    case "hotdrop":
      return `not malformed: ${formula.why}`;
    case "opaque":
      return formula.key;
    case "stateful":
      return formula.label;
    case "unknown":
      return formula.text;
  }
}

const deviceNames = { inDevice: "incoming interface", outDevice: "outgoing interface" } as const;

/** What the packet has in the first field that the formula asks about. */
function describeFound(formula: Formula, context: Context): string {
  switch (formula.kind) {
    case "in":
    case "masked": {
      const value = formula.field.read(context);
      return value === -1
        ? `no ${formula.field.name}`
        : `${formula.field.name} ${showValue(formula.field, value)}`;
    }
    case "device":
      return `${deviceNames[formula.field]} ${context[formula.field] ?? "none"}`;
    case "and":
    case "or": {
      const all = new Set(
        formula.of.map((part) => describeFound(part, context)).filter((text) => text !== ""),
      );
      return [...all].join(", ");
    }
    case "not":
    case "hotdrop":
      return describeFound(formula.of, context);
    default:
      return "";
  }
}

const tcpFlagNames = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"] as const;

/** A field's value as people write it. */
export function showValue(field: Field, value: Address): string {
  switch (field.show) {
    case "address":
      return printAddress(value);
    case "hex":
      return `0x${value.toString(16)}`;
    case "mac":
      return value
        .toString(16)
        .padStart(12, "0")
        .replace(/..(?!$)/g, "$&:");
    case "tcp-flags":
      return tcpFlagNames.filter((_, bit) => (Number(value) >> bit) & 1).join(",") || "NONE";
    case "ctstate":
      return (
        Object.entries(ctstates)
          .filter(([, bit]) => (Number(value) & bit) !== 0)
          .map(([name]) => name)
          .join(",") || "none"
      );
    case "time": {
      const seconds = Number(value);
      const two = (part: number) => String(Math.floor(part)).padStart(2, "0");
      return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
    }
    default:
      return String(value);
  }
}
