import { fromHex } from "../../../src/packet/hex.ts";
import type { TcpSegment } from "../scenario.ts";

/** Transport headers with their data and a checksum field of 0. */

export function tcpBytes(sourcePort: number, destinationPort: number, segment: TcpSegment): Uint8Array {
  const options = fromHex(segment.options);
  const data = fromHex(segment.data);
  const bytes = new Uint8Array(20 + options.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint32(4, segment.sequence);
  view.setUint32(8, segment.acknowledgement);
  view.setUint16(12, ((20 + options.length) << 10) | segment.flags);
  view.setUint16(14, segment.window);
  bytes.set(options, 20);
  bytes.set(data, 20 + options.length);
  return bytes;
}

export function udpBytes(sourcePort: number, destinationPort: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint16(4, bytes.length);
  bytes.set(data, 8);
  return bytes;
}

/** `rest` is bytes 4 to 7: an id and a sequence number, an MTU, a gateway. */
export function icmpBytes(type: number, code: number, rest: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, type);
  view.setUint8(1, code);
  view.setUint32(4, rest);
  bytes.set(data, 8);
  return bytes;
}
