import { type Formula, stateful } from "../formula/formula.ts";
import { type Address, maskAddress } from "../packet/address.ts";
import type { Context } from "../packet/context.ts";
import { hz, jiffiesAt } from "./jiffies.ts";
import { isHit, RecentTable, stampsFor } from "./recent-table.ts";

/** What a rule of `-m recent` asks its list, and does with it. */
export interface ListQuestion {
  readonly action: "set" | "rcheck" | "update" | "remove";
  readonly inverted: boolean;
  readonly side: "source" | "destination";
  /** The list's, where this rule makes it. */
  readonly mask: Address;
  /** Only times within so many seconds count. */
  readonly seconds: number | undefined;
  readonly hitCount: number;
  /** The packet's TTL must be the one that was counted last. */
  readonly sameTtl: boolean;
  /** What is older than `seconds` is forgotten. */
  readonly reaps: boolean;
}

/** The TTL that the packet came with: it is one less from FORWARD on, and local packets have it as it is. */
const ttlBefore = ({ packet: { bytes, family, owner }, outDevice }: Context): number =>
  (bytes[family === "ipv4" ? 8 : 7]! + (outDevice !== undefined && owner === undefined ? 1 : 0)) & 255;

/** The packet's address is on the list of this name, which rules share (recent_mt); `label` names the condition to people. */
export function isListed(label: string, name: string, question: ListQuestion): Formula {
  const { action, inverted, side, mask, seconds, hitCount, sameTtl, reaps } = question;
  // the kernel multiplies in 32 bits
  const ticks = seconds && Math.imul(seconds, hz) >>> 0;
  return stateful(label, (world) => {
    const table = world.shared(`recent ${name}`, () => new RecentTable(mask));
    table.reserve(stampsFor(hitCount));
    return (context) => {
      const jiffies = jiffiesAt(world.now);
      const address = maskAddress(context.packet[side], table.mask);
      const ttl = ttlBefore(context);
      const entry = table.find(address, sameTtl ? ttl : 0);
      if (entry === undefined) {
        if (action !== "set") return inverted;
        table.add(address, ttl, jiffies);
        return !inverted;
      }
      if (action === "set") {
        table.update(entry, ttl, jiffies);
        return !inverted;
      }
      if (action === "remove") {
        table.remove(entry);
        return !inverted;
      }
      const since = ticks === undefined ? undefined : jiffies - ticks;
      const matched = isHit(entry, since, hitCount) !== inverted;
      const updating = action === "update" && matched ? entry : undefined;
      if (reaps && since !== undefined) table.reap(since, updating);
      if (updating) table.update(updating, ttl, jiffies);
      return matched;
    };
  });
}
