/** What a header says. */
interface HeaderSpec {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly spi?: number;
  /** What stands behind it. */
  readonly data: Uint8Array;
}

interface HeaderWriter {
  /** Bytes of the header. */
  readonly length: number;
  write(view: DataView, spec: HeaderSpec): void;
}

const noNextHeader = 59;

/** Headers, by protocol, of what is neither TCP, UDP nor ICMP: the first packet of a flow, as its sender makes it. */
export const furtherHeaders: Readonly<Record<number, HeaderWriter>> = {
  /** A DCCP-Request (RFC 4340, 5.1): long sequence numbers, service code 0. */
  33: {
    length: 20,
    write(view, { sourcePort, destinationPort }) {
      view.setUint16(0, sourcePort);
      view.setUint16(2, destinationPort);
      view.setUint8(4, 5);
      view.setUint8(8, 1);
      view.setUint32(12, 1000);
    },
  },
  /** ESP's index and sequence number (RFC 4303, 2). */
  50: {
    length: 8,
    write(view, { spi = 0 }) {
      view.setUint32(0, spi);
      view.setUint32(4, 1);
    },
  },
  /** An authentication header without a check value: its length is that in words less 2 (RFC 4302, 2.2). */
  51: {
    length: 12,
    write(view, { spi = 0 }) {
      view.setUint8(0, noNextHeader);
      view.setUint8(1, 1);
      view.setUint32(4, spi);
      view.setUint32(8, 1);
    },
  },
  /** IPComp (RFC 3173, 3.3). */
  108: {
    length: 4,
    write(view, { spi = 0 }) {
      view.setUint8(0, noNextHeader);
      view.setUint16(2, spi);
    },
  },
  /** A binding refresh request of Mobile IPv6 (RFC 6275, 6.1.2): nothing follows it. */
  135: {
    length: 8,
    write(view) {
      view.setUint8(0, noNextHeader);
    },
  },
  /** A common header and an INIT (RFC 9260, 3.3.2); what data follow are taken for a parameter of it. */
  132: {
    length: 32,
    write(view, { sourcePort, destinationPort, data }) {
      view.setUint16(0, sourcePort);
      view.setUint16(2, destinationPort);
      view.setUint8(12, 1);
      view.setUint16(14, 20 + data.length);
      view.setUint32(16, 1000);
      view.setUint32(20, 65536);
      view.setUint16(24, 10);
      view.setUint16(26, 10);
      view.setUint32(28, 1000);
    },
  },
};
