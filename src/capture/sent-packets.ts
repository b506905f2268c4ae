/** Seconds between a packet's being sent and its being captured, at most. */
const longestDelay = 5;

/** What a key has of its second hash; its first one, above that, says where it is looked for. */
export const secondSize = 2 ** 21;

const firstPlaces = 1024;

/**
 * Keys, each with how often and when it was sent last: a hash table of numbers alone, since each packet changes it. It is no
 * larger than it has to be, and forgets what was seen, so that it stays in the processor's cache.
 */
export class SentPackets {
  /** Keys that are there, which were sent and not seen. */
  size = 0;
  /** A power of two, at least twice as many as keys. */
  private places = firstPlaces;
  /** Key and time by turns. A key that is there stands one higher: 0 is an empty place. */
  private sent = new Float64Array(2 * firstPlaces);
  private counts = new Uint32Array(firstPlaces);

  add(key: number, at: number): void {
    let place = this.placeOf(key);
    if (this.sent[2 * place] === 0) {
      if (2 * ++this.size > this.places) {
        this.grow();
        place = this.placeOf(key);
      }
      this.sent[2 * place] = key + 1;
    }
    this.sent[2 * place + 1] = at;
    this.counts[place]!++;
  }

  /** Whether it was sent, and not too long ago; then it is known once less. */
  take(key: number, at: number): boolean {
    if (this.size === 0) return false;
    const place = this.placeOf(key);
    if (this.counts[place] === 0 || at - this.sent[2 * place + 1]! > longestDelay) return false;
    if (--this.counts[place]! === 0) this.remove(place);
    return true;
  }

  clear(): void {
    this.sent.fill(0);
    this.counts.fill(0);
    this.size = 0;
  }

  private homeOf(key: number): number {
    return (key / secondSize) & (this.places - 1);
  }

  /** Where the key is, or else would be. */
  private placeOf(key: number): number {
    const { sent } = this;
    const last = this.places - 1;
    let place = this.homeOf(key);
    while (sent[2 * place] !== 0 && sent[2 * place] !== key + 1) place = (place + 1) & last;
    return place;
  }

  /** What stands behind an emptied place moves up, unless that is before the place where it is looked for. */
  private remove(place: number): void {
    const { sent } = this;
    const last = this.places - 1;
    let hole = place;
    for (let next = (hole + 1) & last; sent[2 * next] !== 0; next = (next + 1) & last) {
      const behindHome = (next - this.homeOf(sent[2 * next]! - 1)) & last;
      if (behindHome < ((next - hole) & last)) continue;
      this.put(hole, sent[2 * next]!, sent[2 * next + 1]!, this.counts[next]!);
      hole = next;
    }
    this.put(hole, 0, 0, 0);
    this.size--;
  }

  private put(place: number, raisedKey: number, at: number, count: number): void {
    this.sent[2 * place] = raisedKey;
    this.sent[2 * place + 1] = at;
    this.counts[place] = count;
  }

  private grow(): void {
    const { sent, counts, places } = this;
    this.places = 2 * places;
    this.sent = new Float64Array(2 * this.places);
    this.counts = new Uint32Array(this.places);
    for (let place = 0; place < places; place++) {
      const raisedKey = sent[2 * place]!;
      if (raisedKey !== 0)
        this.put(this.placeOf(raisedKey - 1), raisedKey, sent[2 * place + 1]!, counts[place]!);
    }
  }
}
