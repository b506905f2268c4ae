import type { PortRange } from "../arg-types/port-range.ts";
import { always, equals, type Formula, hotdropIf, inRanges, never } from "../formula/formula.ts";
import { fields } from "../packet/fields.ts";

const whole = new Map<number, readonly Formula[]>();

/**
 * What a match asks before it reads a transport header of so many bytes: no later fragment, and no header cut short. The same
 * objects each time, as most rules ask for it.
 */
export function wholeHeader(bytes: number): readonly Formula[] {
  const known = whole.get(bytes);
  if (known) return known;
  const why = `the header is shorter than ${bytes} bytes`;
  const made = [
    equals(fields.fragmentOffset, 0),
    hotdropIf(inRanges(fields.transportLength, [[0, bytes - 1]]), why),
  ];
  whole.set(bytes, made);
  return made;
}

/** The port at this end lies in one of the ranges, or in none. `wholeHeader` has seen to it that there is one. */
export function portIn(
  end: "source" | "destination",
  ranges: readonly PortRange[],
  inverted: boolean,
): Formula {
  const field = end === "source" ? fields.sourcePort : fields.destinationPort;
  const others = outside(ranges, 65535);
  if (others.length === 0) return inverted ? never : always;
  return inRanges(field, inverted ? others : ranges.filter(([low, high]) => low <= high));
}

/** What of 0 to `max` lies in none of the ranges. */
export function outside(
  ranges: readonly (readonly [low: number, high: number])[],
  max: number,
): readonly (readonly [low: number, high: number])[] {
  const gaps: (readonly [number, number])[] = [];
  let next = 0;
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > high) continue;
    if (low > next) gaps.push([next, low - 1]);
    next = Math.max(next, high + 1);
  }
  if (next <= max) gaps.push([next, max]);
  return gaps;
}
