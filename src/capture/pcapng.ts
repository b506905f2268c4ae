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

  read(window: ByteWindow, problems: CaptureProblem[]): CapturedPacket | undefined | "damaged" {
    while (window.available >= blockFrame) {
      // the type of a section header is the same in both byte orders
      const isSection = window.uint32(0, true) === sectionHeader;
      if (isSection && !this.startSection(window))
        return damaged(window, problems, "a section without the byte-order magic");
      const { littleEndian } = this;
      const length = window.uint32(4, littleEndian);
      const least = isSection ? 28 : blockFrame;
      if (length < least || length % 4 !== 0 || length > longestBlock)
        return damaged(window, problems, `a block of ${length} bytes: the length is damaged`);
      if (window.available < length) return undefined;
      if (window.uint32(length - 4, littleEndian) !== length)
        return damaged(window, problems, "a block that gives two lengths: it is damaged");
      const packet = isSection ? undefined : this.block(window, length, problems);
      window.skip(length);
      if (packet) return packet;
    }
    return undefined;
  }

  private startSection(window: ByteWindow): boolean {
    const big = window.uint32(8, false) === byteOrderMagic;
    if (!big && window.uint32(8, true) !== byteOrderMagic) return false;
    this.littleEndian = !big;
    this.interfaces = [];
    return true;
  }

  /** A whole block; one that is damaged inside leaves the others as they are. */
  private block(window: ByteWindow, length: number, problems: CaptureProblem[]): CapturedPacket | undefined {
    const body = length - blockFrame;
    switch (window.uint32(0, this.littleEndian)) {
      case blockTypes.interface:
        if (body < 8) bad(window, problems, "an interface block that is too short");
        this.interfaces.push(readInterface(window, length, this.littleEndian));
        return undefined;
      case blockTypes.enhancedPacket:
        if (body < 20) return bad(window, problems, "a packet block that is too short");
        return this.enhancedPacket(window, length, problems);
      case blockTypes.simplePacket:
        if (body < 4) return bad(window, problems, "a packet block that is too short");
        return this.simplePacket(window, length, problems);
      default:
        // names, statistics, secrets, and whatever else programs keep: no packets
        return undefined;
    }
  }

  private enhancedPacket(
    window: ByteWindow,
    length: number,
    problems: CaptureProblem[],
  ): CapturedPacket | undefined {
    const { littleEndian } = this;
    const id = window.uint32(blockHead, littleEndian);
    const source = this.interfaces[id];
    if (!source) return bad(window, problems, `a packet of interface ${id}, which nothing describes`);
    const kept = window.uint32(blockHead + 12, littleEndian);
    const start = blockHead + 20;
    const end = start + kept;
    if (end > length - 4) return bad(window, problems, `a packet of ${kept} bytes in a block of ${length}`);
    const high = window.uint32(blockHead + 4, littleEndian);
    const low = window.uint32(blockHead + 8, littleEndian);
    const flags = readOptions(window, (end + 3) & ~3, length - 4, littleEndian).get(flagsOption);
    return {
      at: clockOf(source, high, low),
      source: source.source,
      bytes: window.slice(start, end),
      originalLength: window.uint32(blockHead + 16, littleEndian),
      direction: flags && directionOf(flags, littleEndian),
      offset: window.offset,
    };
  }

  /** Without a time: as old as a capture can be, so that it takes the time of what stands before it. */
  private simplePacket(
    window: ByteWindow,
    length: number,
    problems: CaptureProblem[],
  ): CapturedPacket | undefined {
    const source = this.interfaces[0];
    if (!source) return bad(window, problems, "a packet before any interface is described");
    const originalLength = window.uint32(blockHead, this.littleEndian);
    const start = blockHead + 4;
    const kept = Math.min(originalLength, source.snapLength || originalLength, length - 4 - start);
    return {
      at: 0,
      source: source.source,
      bytes: window.slice(start, start + kept),
      originalLength,
      direction: undefined,
      offset: window.offset,
    };
  }
}

function bad({ offset }: ByteWindow, problems: CaptureProblem[], message: string): undefined {
  problems.push({ code: "bad-record", offset, message });
}

function damaged(window: ByteWindow, problems: CaptureProblem[], message: string): "damaged" {
  bad(window, problems, message);
  return "damaged";
}

/** The two lowest bits of epb_flags: 1 inbound, 2 outbound. */
function directionOf(flags: Uint8Array, littleEndian: boolean): CapturedPacket["direction"] {
  const lowest = flags.length === 4 ? flags[littleEndian ? 0 : 3]! & 3 : 0;
  return lowest === 1 ? "inbound" : lowest === 2 ? "outbound" : undefined;
}
