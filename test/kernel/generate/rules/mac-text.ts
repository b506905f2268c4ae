import type { Dice } from "../dice.ts";

/** A MAC in iptables' notation, mostly the given one. */
export function macText(dice: Dice, mac: Uint8Array | undefined): string {
  if (!mac || dice.maybe(0.25))
    return dice.of(["02:00:00:00:01:c8", "02:00:00:00:00:09", "02:00:00:00:02:02"]);
  return [...mac].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
