import { Machine } from "../evaluate/machine.ts";
import type { Trace } from "../evaluate/trace.ts";
import { assumedHost } from "../host/assumed-host.ts";
import { composePacket, type WordedPacket } from "../model/packet-words.ts";
import type { Ruleset } from "../model/ruleset.ts";
import { buildFrame } from "../packet/ethernet.ts";
import { Packet } from "../packet/packet.ts";

/** The sender on the wire where nobody names one: locally administered, as in RFC 7042, 2.1. */
const neighbourMac = Uint8Array.of(2, 0, 0, 0, 0, 0xfe);

/**
 * What becomes of a packet that is written in words, on a host that nobody has described: as `netverdict trace` would say.
 * `undefined` for words that are no packet. `now` is in seconds since 1970.
 */
export function replayWords(words: string, ruleset: Ruleset, now: number): Trace | undefined {
  const { value } = composePacket(words, ruleset.family);
  return value && replayPacket(value, ruleset, now);
}

/** Runs a packet through a machine of its own: nothing happened before. */
export function replayPacket(packet: WordedPacket, ruleset: Ruleset, now: number): Trace | undefined {
  const { bytes, inDevice, outDevice, macSource, mark, owner, ctState } = packet;
  const { source, destination } = new Packet(bytes);
  const host = assumedHost([{ inDevice, outDevice, source, destination }]);
  const machine = new Machine(ruleset, { host, now });
  const options = { mark, ...(owner ? { owner } : {}), ...(ctState ? { assumeState: ctState } : {}) };
  if (inDevice === undefined) return outDevice === undefined ? undefined : machine.send(bytes, now, options);
  const mac = host.interfaces.get(inDevice)?.mac;
  const frame = mac ? buildFrame(mac, macSource ?? neighbourMac, bytes) : bytes;
  return machine.receive(inDevice, frame, now, options);
}
