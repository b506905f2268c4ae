import type { ByteWindow } from "./byte-window.ts";
import type { CapturedPacket, CaptureProblem } from "./captured-packet.ts";
import { longestPacket, type RecordReader } from "./pcap.ts";
import { clockOf, type PcapngInterface, readInterface } from "./pcapng-interface.ts";
import { readOptions } from "./pcapng-options.ts";

export const sectionHeader = 0x0a0d0d0a;
const byteOrderMagic = 0x1a2b3c4d;
const blockTypes = { interface: 1, simplePacket: 3, enhancedPacket: 6 } as const;
/** Type and length before a block's body; the length once more behind it. */
const blockHead = 8;
const blockFrame = 12;
/** Longer than any block that has a packet; what claims more is damaged. */
const longestBlock = longestPacket * 4;
const flagsOption = 2;

/** Reads pcapng (draft-ietf-opsawg-pcapng): several sections, each with interfaces of its own. */
export class PcapngReader implements RecordReader {
  private littleEndian = true;
  private interfaces: PcapngInterface[] = [];

  read(window: ByteWindow, packets: CapturedPacket[], problems: CaptureProblem[]): boolean {
    while (window.available >= blockFrame) {
      const { offset } = window;
      const bad = (message: string): false => {
        problems.push({ code: "bad-record", offset, message });
        return false;
      };
      // the type of a section header is the same in both byte orders
      const isSection = window.uint32(0, true) === sectionHeader;
      if (isSection && !this.startSection(window)) return bad("a section without the byte-order magic");
      const { littleEndian } = this;
      const length = window.uint32(4, littleEndian);
      const least = isSection ? 28 : blockFrame;
      if (length < least || length % 4 !== 0 || length > longestBlock) {
        return bad(`a block of ${length} bytes: the length is damaged`);
      }
      if (window.available < length) return true;
      if (window.uint32(length - 4, littleEndian) !== length) {
        return bad("a block that gives two lengths: it is damaged");
      }
      if (!isSection) this.block(window, length, packets, problems);
      window.skip(length);
    }
    return true;
  }

  private startSection(window: ByteWindow): boolean {
    const big = window.uint32(8, false) === byteOrderMagic;
    if (!big && window.uint32(8, true) !== byteOrderMagic) return false;
    this.littleEndian = !big;
    this.interfaces = [];
    return true;
  }

  /** A whole block; one that is damaged inside leaves the others as they are. */
  private block(
    window: ByteWindow,
    length: number,
    packets: CapturedPacket[],
    problems: CaptureProblem[],
  ): void {
    const { offset } = window;
    const bad = (message: string): void => {
      problems.push({ code: "bad-record", offset, message });
    };
    const body = length - blockFrame;
    switch (window.uint32(0, this.littleEndian)) {
      case blockTypes.interface:
        if (body < 8) bad("an interface block that is too short");
        this.interfaces.push(readInterface(window, length, this.littleEndian));
        break;
      case blockTypes.enhancedPacket:
        if (body < 20) bad("a packet block that is too short");
        else this.enhancedPacket(window, length, packets, bad);
        break;
      case blockTypes.simplePacket:
        if (body < 4) bad("a packet block that is too short");
        else this.simplePacket(window, length, packets, bad);
        break;
      // names, statistics, secrets, and whatever else programs keep: no packets
    }
  }

  private enhancedPacket(
    window: ByteWindow,
    length: number,
    packets: CapturedPacket[],
    bad: (message: string) => void,
  ): void {
    const { littleEndian } = this;
    const id = window.uint32(blockHead, littleEndian);
    const source = this.interfaces[id];
    if (!source) {
      bad(`a packet of interface ${id}, which nothing describes`);
      return;
    }
    const kept = window.uint32(blockHead + 12, littleEndian);
    const start = blockHead + 20;
    const end = start + kept;
    if (end > length - 4) {
      bad(`a packet of ${kept} bytes in a block of ${length}`);
      return;
    }
    const high = window.uint32(blockHead + 4, littleEndian);
    const low = window.uint32(blockHead + 8, littleEndian);
    const flags = readOptions(window, (end + 3) & ~3, length - 4, littleEndian).get(flagsOption);
    const direction = flags === undefined ? undefined : directionOf(flags, littleEndian);
    packets.push({
      at: clockOf(source, high, low),
      source: source.source,
      bytes: window.slice(start, end),
      originalLength: window.uint32(blockHead + 16, littleEndian),
      ...(direction && { direction }),
      offset: window.offset,
    });
  }

  /** Without a time: as old as a capture can be, so that it takes the time of what stands before it. */
  private simplePacket(
    window: ByteWindow,
    length: number,
    packets: CapturedPacket[],
    bad: (message: string) => void,
  ): void {
    const source = this.interfaces[0];
    if (!source) {
      bad("a packet before any interface is described");
      return;
    }
    const originalLength = window.uint32(blockHead, this.littleEndian);
    const start = blockHead + 4;
    const kept = Math.min(originalLength, source.snapLength || originalLength, length - 4 - start);
    packets.push({
      at: 0,
      source: source.source,
      bytes: window.slice(start, start + kept),
      originalLength,
      offset: window.offset,
    });
  }
}

/** The two lowest bits of epb_flags: 1 inbound, 2 outbound. */
function directionOf(flags: Uint8Array, littleEndian: boolean): "inbound" | "outbound" | undefined {
  const lowest = flags.length === 4 ? flags[littleEndian ? 0 : 3]! & 3 : 0;
  return lowest === 1 ? "inbound" : lowest === 2 ? "outbound" : undefined;
}
