import { UsageError } from "./exit-status.ts";

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 };

/** Reads `--now`: seconds since 1970 or an ISO 8601 date and time, in UTC where it names no zone. */
export function parseMoment(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes("T") ? text : `${text}Z`;
  const milliseconds = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw new UsageError(
      `\`${text}\` is no time: give seconds since 1970 or, for example, 2026-03-01T12:00:00Z`,
    );
  }
  return milliseconds / 1000;
}

/** A packet's time within a flow. */
export interface FlowTime {
  /** Since the packet before instead of since the flow's start. */
  readonly relative: boolean;
  readonly seconds: number;
}

/** Reads `2`, `2.5s`, `300ms`, `+1s`, `+5m`; `undefined` where it is none. */
export function parseFlowTime(text: string): FlowTime | undefined {
  const found = /^(\+?)(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text.trim());
  if (!found) return undefined;
  const [, sign, amount, unit = "s"] = found;
  return { relative: sign === "+", seconds: Number(amount) * (units[unit] ?? 1) };
}
