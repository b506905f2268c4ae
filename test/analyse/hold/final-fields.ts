import type { Trace } from "../../../src/evaluate/trace.ts";
import type { Address, Family } from "../../../src/packet/address.ts";
import { destinationField, type Field, fields, sourceField } from "../../../src/packet/fields.ts";
import { Packet } from "../../../src/packet/packet.ts";

/** What the packet has at its end, as far as a trace tells. */
export function finalFields({ events, emitted }: Trace, family: Family): ReadonlyMap<Field, Address> {
  const frame = events.findLast((event) => event.kind === "emitted");
  const nat = events.findLast((event) => event.kind === "nat");
  const start = events.find((event) => event.kind === "packet");
  const mark = events.findLast((event) => event.kind === "mark");
  const bytes =
    frame?.kind === "emitted"
      ? frame.frame.slice(14)
      : nat?.kind === "nat"
        ? nat.after
        : start?.kind === "packet"
          ? start.bytes
          : undefined;
  const found = new Map<Field, Address>();
  if (mark?.kind === "mark") found.set(fields.mark, mark.after);
  if (bytes === undefined || emitted.length > 1) return found;
  const packet = new Packet(bytes);
  found.set(sourceField(family), packet.source).set(destinationField(family), packet.destination);
  if (packet.fragmentOffset === 0 && packet.transportLength >= 4 && [6, 17, 132].includes(packet.protocol)) {
    found
      .set(fields.sourcePort, packet.transportWord(0))
      .set(fields.destinationPort, packet.transportWord(2));
  }
  // the forwarded packet's TTL is one less also where no rule asks and the sets leave it alone
  if (frame)
    found.set(fields.tos, family === "ipv4" ? bytes[1]! : ((bytes[0]! & 15) << 4) | (bytes[1]! >> 4));
  return found;
}
