/** A packet of a capture that a test writes. */
export interface WrittenPacket {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly originalLength?: number;
}

export interface PcapSettings {
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  readonly linkType?: number;
}

/** A pcap file as tcpdump writes it. */
export function writePcap(packets: readonly WrittenPacket[], settings: PcapSettings = {}): Uint8Array {
  const { littleEndian = true, nanoseconds = false, linkType = 1 } = settings;
  const words = (...values: readonly number[]): Uint8Array => {
    const bytes = new Uint8Array(values.length * 4);
    for (const [index, value] of values.entries()) {
      new DataView(bytes.buffer).setUint32(index * 4, value, littleEndian);
    }
    return bytes;
  };
  const head = words(
    nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4,
    littleEndian ? 0x40002 : 0x20004,
    0,
    0,
    262144,
    linkType,
  );
  const ticks = nanoseconds ? 1e9 : 1e6;
  const records = packets.flatMap(({ at, bytes, originalLength = bytes.length }) => {
    const seconds = Math.floor(at);
    const fraction = Math.round((at - seconds) * ticks);
    return [words(seconds, fraction, bytes.length, originalLength), bytes];
  });
  return Buffer.concat([head, ...records]);
}
