import type { CapturedPacket, PacketSource } from "./captured-packet.ts";

/** Packets in portions, as the chunks of a capture give them: each is used up before the next one is asked for. */
export type PacketPortions = AsyncIterator<PacketSource>;

interface Head<L> {
  readonly label: L;
  readonly portions: PacketPortions;
  source: PacketSource | undefined;
  /** The packet that is taken next; `undefined` where the portion has no more. */
  packet: CapturedPacket | undefined;
}

/**
 * Takes the packets of several captures in the order of their times; of the same time, the capture named first comes first.
 * Each capture keeps its own order. One portion of each is in memory.
 */
export async function mergeCaptures<L>(
  captures: readonly { readonly label: L; readonly portions: PacketPortions }[],
  take: (label: L, packet: CapturedPacket) => void,
): Promise<void> {
  let heads: Head<L>[] = captures.map((one) => ({ ...one, source: undefined, packet: undefined }));
  for (;;) {
    for (const head of heads) if (!head.packet) await refill(head);
    heads = heads.filter(({ packet }) => packet);
    if (heads.length === 0) return;
    drain(heads, take);
  }
}

/** Gives the heads' packets in order until one of them has no more. */
function drain<L>(heads: readonly Head<L>[], take: (label: L, packet: CapturedPacket) => void): void {
  for (;;) {
    let first = heads[0]!;
    for (const head of heads) if (head.packet!.at < first.packet!.at) first = head;
    take(first.label, first.packet!);
    first.packet = first.source?.next();
    if (!first.packet) return;
  }
}

async function refill<L>(head: Head<L>): Promise<void> {
  do {
    const { done, value } = await head.portions.next();
    head.source = done ? undefined : value;
    head.packet = head.source?.next();
  } while (head.source && !head.packet);
}
