import { ByteWindow } from "./byte-window.ts";
import type { CaptureDecoder, CapturedPacket, CaptureProblem } from "./captured-packet.ts";
import { PcapReader, type RecordReader } from "./pcap.ts";
import { PcapngReader, sectionHeader } from "./pcapng.ts";

/** The magic numbers of pcap by how many ticks make a second. */
const pcapMagic: ReadonlyMap<number, number> = new Map([
  [0xa1b2c3d4, 1e6],
  [0xa1b23c4d, 1e9],
]);
/** Alexey Kuznetzov's format, of Red Hat 6 and the like: its records are longer. */
const kuznetzovMagic = 0xa1b2cd34;

/** Reads pcap and pcapng, whichever a stream turns out to be. Memory: one chunk and one record. */
export const decodeCapture = (): CaptureDecoder => new StreamDecoder();

class StreamDecoder implements CaptureDecoder {
  readonly problems: CaptureProblem[] = [];
  private readonly window = new ByteWindow();
  private reader: RecordReader | undefined;
  private stopped = false;

  push(chunk: Uint8Array): void {
    if (this.stopped) return;
    this.window.push(chunk);
    if (!this.reader && this.window.available >= 4) this.reader = this.choose();
  }

  next(): CapturedPacket | undefined {
    if (this.stopped || !this.reader) return undefined;
    const read = this.reader.read(this.window, this.problems);
    if (read !== "damaged") return read;
    this.stopped = true;
    return undefined;
  }

  end(): void {
    if (this.stopped) return;
    const { offset, available } = this.window;
    const problem = (code: CaptureProblem["code"], message: string): void => {
      this.problems.push({ code, offset, message });
    };
    if (!this.reader) {
      problem("not-a-capture", available === 0 ? "an empty file" : "neither pcap nor pcapng");
    } else if (available > 0) {
      problem("cut-off", `the capture ends inside a record: ${available} of its bytes are there`);
    }
  }

  private choose(): RecordReader | undefined {
    for (const littleEndian of [true, false]) {
      const magic = this.window.uint32(0, littleEndian);
      const ticks = pcapMagic.get(magic);
      if (ticks !== undefined) return new PcapReader(littleEndian, ticks);
      if (magic === sectionHeader) return new PcapngReader();
      if (magic === kuznetzovMagic) return this.refuse("unsupported", "a pcap file of the modified format");
    }
    return this.refuse("not-a-capture", "neither pcap nor pcapng: no magic number of theirs");
  }

  private refuse(code: CaptureProblem["code"], message: string): undefined {
    this.problems.push({ code, offset: 0, message });
    this.stopped = true;
  }
}
