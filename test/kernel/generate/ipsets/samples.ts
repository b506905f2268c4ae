import { type Address, type Family, prefixMask, printAddress } from "../../../../src/packet/address.ts";
import { fromHex } from "../../../../src/packet/hex.ts";
import { Packet } from "../../../../src/packet/packet.ts";
import type { Scenario } from "../../scenario.ts";
import type { Dice } from "../dice.ts";

/** What a scenario's packets have that sets can hold. */
export interface Samples {
  readonly family: Family;
  readonly packets: readonly Packet[];
}

const packetOf = (frame: Uint8Array): Packet | undefined =>
  frame.length >= 54 ? new Packet(frame.subarray(14), frame.subarray(0, 14)) : undefined;

export function samplesOf({ family = "ipv4", packets }: Scenario): Samples {
  const found = packets.flatMap((step) => {
    if ("reply" in step) return [];
    const packet = "frame" in step ? packetOf(fromHex(step.frame)) : new Packet(fromHex(step.packet));
    return packet && packet.family === family ? [packet] : [];
  });
  return { family, packets: found };
}

const somePacket = (dice: Dice, { packets }: Samples): Packet => dice.of(packets);

export function someAddress(dice: Dice, samples: Samples): Address {
  const packet = somePacket(dice, samples);
  return dice.maybe(0.5) ? packet.source : packet.destination;
}

export const prefixes = { ipv4: [0, 1, 8, 16, 24, 28, 31, 32], ipv6: [0, 1, 16, 32, 48, 64, 120, 127, 128] };

/** A network that an address is in, mostly; its host bits may stand. `least`: no shorter prefix. */
export function someNetwork(dice: Dice, samples: Samples, least: number): string {
  const address = someAddress(dice, samples);
  const most = samples.family === "ipv4" ? 32 : 128;
  const prefix = dice.of(prefixes[samples.family].filter((length) => length >= least));
  const masked =
    typeof address === "number"
      ? (address & Number(prefixMask("ipv4", prefix))) >>> 0
      : address & BigInt(prefixMask("ipv6", prefix));
  return `${printAddress(dice.maybe(0.7) ? masked : address)}${prefix === most && dice.maybe(0.5) ? "" : `/${prefix}`}`;
}

const named: Readonly<Record<number, string>> = { 6: "tcp", 17: "udp", 132: "sctp", 136: "udplite" };

/** `proto:port` of a packet, or one near it. */
export function somePort(dice: Dice, samples: Samples): string {
  const packet = somePacket(dice, samples);
  const { protocol } = packet;
  if (protocol === 1 || protocol === 58) {
    if ((protocol === 1) !== (samples.family === "ipv4")) return "tcp:1";
    const code = Math.max(0, packet.transportWord(0));
    return `${protocol === 1 ? "icmp" : "icmpv6"}:${code >> 8}/${code & 255}`;
  }
  const name = named[protocol];
  if (name === undefined) return `${protocol}:0`;
  const port = Math.max(0, packet.transportWord(dice.of([0, 2])));
  const range = dice.maybe(0.15) ? `-${Math.min(65535, port + 3)}` : "";
  return `${dice.maybe(0.1) ? dice.of(["tcp", "udp"]) : name}:${port}${range}`;
}

export const plainPort = (dice: Dice, samples: Samples): number =>
  Math.max(0, somePacket(dice, samples).transportWord(dice.of([0, 2])));

export function someMac(dice: Dice, samples: Samples): string {
  const header =
    somePacket(dice, samples).ethernetHeader ?? Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 1, 5);
  const start = dice.of([0, 6, 6]);
  return [...header.subarray(start, start + 6)].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
