/** The part of a stream that was read and not yet used. */
export class ByteWindow {
  /** Where `position` lies in the stream. */
  private base = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private view = new DataView(this.bytes.buffer);
  private position = 0;

  /** Bytes before this one are forgotten; views of them stay valid. */
  push(chunk: Uint8Array): void {
    const rest = this.bytes.length - this.position;
    this.base += this.position;
    this.position = 0;
    if (rest === 0) {
      this.bytes = chunk;
    } else {
      const joined = new Uint8Array(rest + chunk.length);
      joined.set(this.bytes.subarray(this.bytes.length - rest));
      joined.set(chunk, rest);
      this.bytes = joined;
    }
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  }

  /** The offset in the stream of what comes next. */
  get offset(): number {
    return this.base + this.position;
  }

  /** How many bytes there are from here on. */
  get available(): number {
    return this.bytes.length - this.position;
  }

  /** The word at `at` bytes from here; there must be that many. */
  uint32(at: number, littleEndian: boolean): number {
    return this.view.getUint32(this.position + at, littleEndian);
  }

  uint16(at: number, littleEndian: boolean): number {
    return this.view.getUint16(this.position + at, littleEndian);
  }

  /** A view of the bytes from `from` to `to`; there must be that many. Made plainly, as subarray() takes three times as long. */
  slice(from: number, to: number): Uint8Array {
    const { buffer, byteOffset } = this.view;
    return new Uint8Array(buffer, byteOffset + this.position + from, to - from);
  }

  skip(count: number): void {
    this.position += count;
  }
}
