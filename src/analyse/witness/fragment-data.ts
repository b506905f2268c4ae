import { fields } from "../../packet/fields.ts";
import type { Narrowing } from "./narrowing.ts";

/** What words give a later fragment that say nothing of its bytes (packet-defaults.ts). */
export const usualFragmentBytes = 8;
/** Where TCP's flags stand. */
const flagsAt = 13;

/**
 * The bytes that a later fragment begins with, where they count: iptables-nft reads ports and flags from there as if a
 * header stood there (model/native-match.ts). `undefined` where zeros will do.
 */
export function fragmentData(narrowing: Narrowing): Uint8Array | undefined {
  const ports = [fields.sourcePort, fields.destinationPort].map((field) =>
    Number(narrowing.settle(field, 0)),
  );
  const flags = Number(narrowing.settle(fields.tcpFlags, 0));
  if (flags === 0 && ports.every((port) => port === 0)) return undefined;
  const data = new Uint8Array(flags === 0 ? usualFragmentBytes : flagsAt + 1);
  for (const [index, port] of ports.entries()) data.set([port >> 8, port & 0xff], 2 * index);
  if (flags !== 0) data[flagsAt] = flags;
  return data;
}
