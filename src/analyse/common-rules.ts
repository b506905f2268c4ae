/**
 * What two lists without repetitions share in the same order: the longest such sequence (by patience sorting), so that what
 * was moved counts as taken out and put in again.
 */
export function inCommonOrder<T>(before: readonly T[], after: readonly T[]): ReadonlySet<T> {
  const placeBefore = new Map(before.map((one, place) => [one, place]));
  const found: { readonly item: T; readonly place: number; readonly previous: number }[] = [];
  /** For each length, the last of the sequence of that length that ends at the smallest place so far; indexes of `found`. */
  const ends: number[] = [];
  for (const item of after) {
    const place = placeBefore.get(item);
    if (place === undefined) continue;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (found[ends[middle]!]!.place < place) low = middle + 1;
      else high = middle;
    }
    const previous = low === 0 ? -1 : ends[low - 1]!;
    ends[low] = found.length;
    found.push({ item, place, previous });
  }
  const common = new Set<T>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = found[at]!.previous) common.add(found[at]!.item);
  return common;
}
