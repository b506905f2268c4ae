import { PacketWords } from "../../../src/evaluate/index/packet-words.ts";
import { buildIpv4 } from "../../../src/packet/build.ts";
import type { Context } from "../../../src/packet/context.ts";
import { Packet } from "../../../src/packet/packet.ts";
import { bareWorld } from "../../packet/bare-world.ts";

/** Some packet's context. */
export const someContext = (): Context => ({
  packet: new Packet(
    buildIpv4({ source: 1, destination: 2, protocol: 17, ttl: 9, payload: new Uint8Array(8) }),
  ),
  hook: "INPUT",
  inDevice: "eth0",
  outDevice: undefined,
  world: bareWorld(),
  hotdrop: false,
});

/** A packet's words with these values. */
export function wordsOf(values: readonly number[]): PacketWords {
  const words = values.map((value, index) => ({ name: `word ${index}`, read: () => value }));
  const context = someContext();
  const read = new PacketWords(words, context);
  read.turnTo(context);
  return read;
}
