import type { CapturedPacket } from "./captured-packet.ts";

/** Packets in portions, as the chunks of a capture give them. */
export type PacketPortions = AsyncIterator<readonly CapturedPacket[]>;

interface Head<L> {
  readonly label: L;
  readonly portions: PacketPortions;
  batch: readonly CapturedPacket[];
  next: number;
}

/**
 * Takes the packets of several captures in the order of their times; of the same time, the capture named first comes first.
 * Each capture keeps its own order. One portion of each is in memory.
 */
export async function mergeCaptures<L>(
  captures: readonly { readonly label: L; readonly portions: PacketPortions }[],
  take: (label: L, packet: CapturedPacket) => void,
): Promise<void> {
  let heads: Head<L>[] = captures.map((one) => ({ ...one, batch: [], next: 0 }));
  for (;;) {
    let ended = false;
    for (const head of heads) if (head.next === head.batch.length && !(await refill(head))) ended = true;
    if (ended) heads = heads.filter(({ batch }) => batch.length > 0);
    if (heads.length === 0) return;
    drain(heads, take);
  }
}

/** Gives the heads' packets in order until one of them has no more. */
function drain<L>(heads: readonly Head<L>[], take: (label: L, packet: CapturedPacket) => void): void {
  for (;;) {
    let first = heads[0]!;
    for (const head of heads) if (head.batch[head.next]!.at < first.batch[first.next]!.at) first = head;
    take(first.label, first.batch[first.next++]!);
    if (first.next === first.batch.length) return;
  }
}

async function refill<L>(head: Head<L>): Promise<boolean> {
  head.next = 0;
  for (;;) {
    const { done, value } = await head.portions.next();
    head.batch = done ? [] : value;
    if (done) return false;
    if (value.length > 0) return true;
  }
}
