import type { Context } from "../packet/context.ts";
import { fields } from "../packet/fields.ts";
import { type Beyond, readNumber } from "./bpf-run.ts";

/** SKF_NET_OFF: offsets from the IP header; SKF_LL_OFF: from the frame's start (uapi/linux/filter.h). */
const network = -0x100000;
const link = -0x200000;

const etherType = { ipv4: 0x0800, ipv6: 0x86dd } as const;

/** The frame as it came in; a packet of the host's own has none yet. */
function frameOf({ packet, inDevice }: Context): Uint8Array | undefined {
  const { ethernetHeader, bytes } = packet;
  if (ethernetHeader === undefined) return inDevice === undefined ? undefined : bytes;
  const frame = new Uint8Array(ethernetHeader.length + bytes.length);
  frame.set(ethernetHeader);
  frame.set(bytes, ethernetHeader.length);
  return frame;
}

/** What classic BPF finds at negative offsets of a packet at a hook (net/core/filter.c). */
export const beyondPacket = (context: Context): Beyond => ({
  bytes(offset, size) {
    if (offset >= network) return readNumber(context.packet.bytes, offset - network, size);
    const frame = offset >= link ? frameOf(context) : undefined;
    return frame && readNumber(frame, offset - link, size);
  },
  attribute(number, a, x) {
    const { packet, world } = context;
    const assumed = (what: string, value: number): number => {
      world.assume(`a BPF program asks for ${what}, which is not known: taken as ${value}`);
      return value;
    };
    switch (number) {
      case 0:
        return etherType[packet.family];
      case 4:
        return Number(fields.packetType.read(context));
      case 8:
        return assumed("the index of the interface", 0);
      case 20:
        return packet.mark;
      case 24:
        return assumed("the receive queue", 0);
      case 28:
        return assumed("the type of the interface", 1);
      case 32:
        return assumed("the packet's hash", 0);
      case 36:
        return packet.told.cpu ?? assumed("the processor", 0);
      case 40:
        return (a ^ x) >>> 0;
      case 44:
      case 48:
      case 60:
        // no VLAN tag is left at the IP layer
        return 0;
      case 52:
        return assumed("where the payload starts", packet.transportOffset);
      case 56:
        return Math.floor(world.random() * 2 ** 32);
      default:
        return assumed("a netlink attribute", 0);
    }
  },
});
