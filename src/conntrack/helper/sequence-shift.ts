import { updateChecksum } from "../../packet/checksum-update.ts";
import type { Direction } from "../../packet/connection.ts";
import { opposite } from "../entry.ts";
import { isAfter, isBefore, u32 } from "../tcp/segment.ts";

/** How far one direction's sequence numbers are shifted: by `before` up to `position`, by `after` behind it. */
interface Shift {
  position: number;
  before: number;
  after: number;
}

const none = (): Shift => ({ position: 0, before: 0, after: 0 });

/** The shift of a TCP connection's sequence numbers since NAT changed the length of what it carries (nf_conntrack_seqadj.c). */
export class SequenceShift {
  private readonly shifts: Readonly<Record<Direction, Shift>> = { original: none(), reply: none() };

  /** The segment at `sequence` became longer by `bytes`. One change in flight is known at a time; a repetition of it is none. */
  add(direction: Direction, sequence: number, bytes: number): void {
    const shift = this.shifts[direction];
    if (shift.before !== shift.after && !isBefore(shift.position, sequence)) return;
    shift.position = sequence;
    shift.before = shift.after;
    shift.after = (shift.after + bytes) | 0;
  }

  /** The shift that holds at `sequence`, in numbers as the sender counts. */
  at(direction: Direction, sequence: number): number {
    const shift = this.shifts[direction];
    return isAfter(sequence, shift.position) ? shift.after : shift.before;
  }

  /** The shift that holds at an acknowledged number, which counts as the receiver sees it. */
  private acknowledgedShift(direction: Direction, acknowledged: number): number {
    const shift = this.shifts[direction];
    return isAfter(u32(acknowledged - shift.before), shift.position) ? shift.after : shift.before;
  }

  /**
   * Brings a segment's numbers in line with what the other side counts (nf_ct_seq_adjust). `at` is where the header starts.
   * False where the header is cut short or, in a segment that acknowledges, its options are malformed: such a packet is
   * dropped. Linux reads the host's own ICMP error about the connection like a segment, too.
   */
  apply(bytes: Uint8Array, at: number, direction: Direction): boolean {
    if (at + 20 > bytes.length) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const replace = (offset: number, value: number) => replaceNumber(view, bytes, at + 16, offset, value);
    const other = opposite(direction);
    const sequence = view.getUint32(at + 4);
    const acknowledgement = view.getUint32(at + 8);
    replace(at + 4, sequence + this.at(direction, sequence));
    const acknowledges = (bytes[at + 13]! & 0x10) !== 0;
    if (!acknowledges) return true;
    replace(at + 8, acknowledgement - this.acknowledgedShift(other, acknowledgement));
    return this.applyToSack(bytes, at, (offset) => {
      const edge = view.getUint32(offset);
      replace(offset, edge - this.acknowledgedShift(other, edge));
    });
  }

  /** Walks the options and hands the place of each edge of each SACK block to `shiftEdge`. */
  private applyToSack(bytes: Uint8Array, at: number, shiftEdge: (offset: number) => void): boolean {
    const end = at + (bytes[at + 12]! >>> 4) * 4;
    if (end > bytes.length) return false;
    for (let option = at + 20; option < end; ) {
      const kind = bytes[option]!;
      if (kind === 0) return true;
      if (kind === 1) {
        option++;
        continue;
      }
      const length = bytes[option + 1]!;
      if (option + 1 === end || length < 2 || option + length > end) return false;
      const isSack = kind === 5 && length >= 10 && (length - 2) % 8 === 0;
      for (let edge = option + 2; isSack && edge < option + length; edge += 4) shiftEdge(edge);
      option += length;
    }
    return true;
  }
}

function replaceNumber(
  view: DataView,
  bytes: Uint8Array,
  checksum: number,
  offset: number,
  value: number,
): void {
  const before = [view.getUint16(offset), view.getUint16(offset + 2)];
  view.setUint32(offset, u32(value));
  updateChecksum(bytes, checksum, before, [view.getUint16(offset), view.getUint16(offset + 2)]);
}
