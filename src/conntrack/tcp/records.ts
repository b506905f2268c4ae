/** Words of a record. */
export const recordSize = 16;

const chunkBits = 10;
const chunkSize = 1 << chunkBits;
const none = -1;

/**
 * Records of 16 words of 32 bits, in pieces of memory of one size. A place in them that was given back is given out again,
 * so that they take as much memory as the most that were in use at a time.
 */
export class Records {
  private readonly chunks: Uint32Array[] = [];
  private used = 0;
  /** The place that was given back last; each such place holds the next one. */
  private free = none;

  /** The place of a record; what it holds is left from earlier. */
  take(): number {
    if (this.free === none) {
      if (this.used % chunkSize === 0) this.chunks.push(new Uint32Array(chunkSize * recordSize));
      return this.used++;
    }
    const place = this.free;
    this.free = this.chunk(place)[offsetOf(place)]! | 0;
    return place;
  }

  giveBack(place: number): void {
    this.chunk(place)[offsetOf(place)] = this.free;
    this.free = place;
  }

  /** The words among which this place's record begins at `offsetOf`. */
  chunk(place: number): Uint32Array {
    return this.chunks[place >>> chunkBits]!;
  }
}

export const offsetOf = (place: number): number => (place & (chunkSize - 1)) * recordSize;
