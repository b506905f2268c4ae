import { linkTypes } from "./link-layer.ts";

const pad = (length: number): number => (length + 3) & ~3;
/** Option codes of the blocks below. */
const options = { comment: 1, interfaceName: 2, userApplication: 4, resolution: 9, flags: 2 } as const;
const nanoseconds = 9;
const outbound = 2;

/**
 * Writes pcapng (draft-ietf-opsawg-pcapng), little-endian, times in nanoseconds, block by block: each call gives the bytes
 * that come next. The first packet of an interface brings its description along.
 */
export class PcapngWriter {
  private readonly interfaces = new Map<string, number>();
  private readonly program: string;
  private started = false;

  constructor(program: string) {
    this.program = program;
  }

  /** What has to be in the file also where no packet follows. */
  start(): Uint8Array {
    if (this.started) return new Uint8Array(0);
    this.started = true;
    const head = new Uint8Array(16);
    const view = new DataView(head.buffer);
    view.setUint32(0, 0x1a2b3c4d, true);
    view.setUint16(4, 1, true);
    // the section's length is not known beforehand
    view.setBigInt64(8, -1n, true);
    return block(0x0a0d0d0a, head, [[options.userApplication, utf8(this.program)]]);
  }

  /** `at`: seconds since 1970. `isEthernet`: the frame has a header, else it is an IP packet. */
  packet(device: string, isEthernet: boolean, frame: Uint8Array, at: number, comment: string): Uint8Array {
    const before = [this.start()];
    let id = this.interfaces.get(device);
    if (id === undefined) {
      id = this.interfaces.size;
      this.interfaces.set(device, id);
      before.push(describe(device, isEthernet ? linkTypes.ethernet : linkTypes.raw));
    }
    const body = new Uint8Array(20 + pad(frame.length));
    const view = new DataView(body.buffer);
    // whole microseconds: a double has no more digits for times of today
    const time = BigInt(Math.round(at * 1e6)) * 1000n;
    view.setUint32(0, id, true);
    view.setUint32(4, Number(time >> 32n), true);
    view.setUint32(8, Number(time & 0xffffffffn), true);
    view.setUint32(12, frame.length, true);
    view.setUint32(16, frame.length, true);
    body.set(frame, 20);
    const flags = Uint8Array.of(outbound, 0, 0, 0);
    const last = block(6, body, [
      [options.comment, utf8(comment)],
      [options.flags, flags],
    ]);
    return joined([...before, last]);
  }
}

function describe(device: string, linkType: number): Uint8Array {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, linkType, true);
  return block(1, body, [
    [options.interfaceName, utf8(device)],
    [options.resolution, Uint8Array.of(nanoseconds)],
  ]);
}

/** An option's length has 16 bits; the text is cut where it is longer. */
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text).subarray(0, 0xffff);

/** Type, length, body (padded already), options and the length once more. */
function block(type: number, body: Uint8Array, list: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const optionBytes = list.reduce((sum, [, value]) => sum + 4 + pad(value.length), 4);
  const bytes = new Uint8Array(12 + body.length + optionBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  bytes.set(body, 8);
  let at = 8 + body.length;
  for (const [code, value] of list) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + pad(value.length);
  }
  view.setUint32(bytes.length - 4, bytes.length, true);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
