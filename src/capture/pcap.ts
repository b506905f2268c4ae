import type { ByteWindow } from "./byte-window.ts";
import type { CapturedPacket, CaptureInterface, CaptureProblem } from "./captured-packet.ts";

/** Reads records off a window; `false` where the rest of the capture makes no sense. */
export interface RecordReader {
  read(window: ByteWindow, packets: CapturedPacket[], problems: CaptureProblem[]): boolean;
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

  read(window: ByteWindow, packets: CapturedPacket[], problems: CaptureProblem[]): boolean {
    const { littleEndian } = this;
    if (!this.source) {
      if (window.available < fileHeader) return true;
      // the upper bits say how long the frame check sequence is: it stands behind the IP packet, where nobody looks
      this.source = { linkType: window.uint32(20, littleEndian) & 0xffff };
      window.skip(fileHeader);
    }
    while (window.available >= recordHeader) {
      const kept = window.uint32(8, littleEndian);
      const { offset } = window;
      if (kept > longestPacket) {
        const message = `a packet of ${kept} bytes, more than a capture can hold: the record is damaged`;
        problems.push({ code: "bad-record", offset, message });
        return false;
      }
      if (window.available < recordHeader + kept) return true;
      const seconds = window.uint32(0, littleEndian);
      packets.push({
        at: seconds + window.uint32(4, littleEndian) / this.ticks,
        source: this.source,
        bytes: window.slice(recordHeader, recordHeader + kept),
        originalLength: window.uint32(12, littleEndian),
        offset,
      });
      window.skip(recordHeader + kept);
    }
    return true;
  }
}
