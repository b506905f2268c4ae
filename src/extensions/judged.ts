import { and, type Formula, hotdropIf, quietOpaque } from "../formula/formula.ts";
import type { Packet } from "../packet/packet.ts";

/** What a match says of a packet: the last one is dropped on the spot. */
export type Judgement = boolean | "malformed";

/** A question about the packet's bytes alone. `key` tells it from others, `malformed` says what is wrong where it is. */
export const judged = (key: string, malformed: string, judge: (packet: Packet) => Judgement): Formula =>
  and(
    hotdropIf(
      quietOpaque(`${key}: ${malformed}`, ({ packet }) => judge(packet) === "malformed"),
      malformed,
    ),
    quietOpaque(key, ({ packet }) => judge(packet) === true),
  );

/** Whether a number lies in a range, or outside of it. A range the wrong way round holds nothing. */
export const within = (
  value: number,
  { value: [low, high], inverted }: { readonly value: readonly [number, number]; readonly inverted: boolean },
): boolean => (value >= low && value <= high) !== inverted;
