import type { Part } from "../../../../src/host/ipset/part.ts";
import type { EntryExtensions } from "../../../../src/host/ipset/set-entry.ts";

/** An entry of a `MapSet`. */
export interface MapEntry extends Omit<EntryExtensions, "timeout" | "packets" | "bytes"> {
  readonly parts: readonly Part[];
  /** The tick after which it is no more; `undefined` is for ever. */
  readonly expires: number | undefined;
  packets: number;
  bytes: number;
}

/** ip_set_timeout_expired (ip_set.h). */
export const isExpired = ({ expires, parts }: MapEntry, tick: number): boolean =>
  expires !== undefined && expires < tick && !waitsForMac(parts);

/** The MAC of a bitmap's entry that was added without one. */
export const waitsForMac = (parts: readonly Part[]): boolean =>
  parts.some((part) => part.kind === "mac" && part.address === undefined);

/** What elements are told apart by in a hash; names of interfaces are compared on their own. */
export function keyOf(parts: readonly Part[]): string {
  let key = "";
  for (const part of parts) {
    switch (part.kind) {
      case "ip":
        key += ` ${part.address}`;
        break;
      case "net":
        key += ` ${part.address}/${part.prefix}`;
        break;
      case "port":
        key += ` ${part.protocol}:${part.port}`;
        break;
      case "mac":
        key += ` ${part.address}`;
        break;
      case "mark":
        key += ` ${part.mark}`;
        break;
      case "iface":
        key += part.physical ? " physdev" : "";
        break;
      default:
    }
  }
  return key;
}
