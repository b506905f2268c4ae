import type { ByteWindow } from "./byte-window.ts";
import type { CapturedPacket, CaptureInterface, CaptureProblem } from "./captured-packet.ts";

/** Reads the next packet off a window. */
export interface RecordReader {
  /** `undefined` where the window has no further one that is whole, "damaged" where the rest of the capture makes no sense. */
  read(window: ByteWindow, problems: CaptureProblem[]): CapturedPacket | undefined | "damaged";
}

/** libpcap's MAXIMUM_SNAPLEN: a longer packet is a damaged record (pcap-int.h). */
export const longestPacket = 262144;

const recordHeader = 16;
const fileHeader = 24;

/** A pcap file behind its magic number: draft-ietf-opsawg-pcap. `ticks`: how many make a second. */
export class PcapReader implements RecordReader {
  private readonly littleEndian: boolean;
  private readonly ticks: number;
  private source: CaptureInterface | undefined;

  constructor(littleEndian: boolean, ticks: number) {
    this.littleEndian = littleEndian;
    this.ticks = ticks;
  }

  read(window: ByteWindow, problems: CaptureProblem[]): CapturedPacket | undefined | "damaged" {
    const { littleEndian } = this;
    if (!this.source) {
      if (window.available < fileHeader) return undefined;
      // the upper bits say how long the frame check sequence is: it stands behind the IP packet, where nobody looks
      this.source = { linkType: window.uint32(20, littleEndian) & 0xffff };
      window.skip(fileHeader);
    }
    if (window.available < recordHeader) return undefined;
    const kept = window.uint32(8, littleEndian);
    const { offset } = window;
    if (kept > longestPacket) {
      const message = `a packet of ${kept} bytes, more than a capture can hold: the record is damaged`;
      problems.push({ code: "bad-record", offset, message });
      return "damaged";
    }
    if (window.available < recordHeader + kept) return undefined;
    const seconds = window.uint32(0, littleEndian);
    const packet = {
      at: seconds + window.uint32(4, littleEndian) / this.ticks,
      source: this.source,
      bytes: window.slice(recordHeader, recordHeader + kept),
      originalLength: window.uint32(12, littleEndian),
      direction: undefined,
      offset,
    };
    window.skip(recordHeader + kept);
    return packet;
  }
}
