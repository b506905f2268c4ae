/** How many differing lines are shown before the rest is only counted. */
const shown = 10;

interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

/**
 * Where a text departs from its canonical form, as the lines of a diff: `-` what stands there, `+` what should.
 * Comments and blank lines do not count; neither do a policy's counters where `counters` is false.
 */
export function differences(
  text: string,
  canonical: string,
  { counters }: { readonly counters: boolean },
): readonly string[] {
  const key = (line: string): string => (counters ? line : line.replace(/ \[\d+:\d+\]$/, ""));
  const have = significant(text);
  const want = significant(canonical);
  let start = 0;
  while (start < have.length && start < want.length && same(have[start], want[start], key)) start++;
  let haveEnd = have.length;
  let wantEnd = want.length;
  while (haveEnd > start && wantEnd > start && same(have[haveEnd - 1], want[wantEnd - 1], key)) {
    haveEnd--;
    wantEnd--;
  }
  const lines: string[] = [];
  for (const [index, line] of have.slice(start, haveEnd).entries()) {
    const other = want[start + index];
    if (haveEnd - start === wantEnd - start && same(line, other, key)) continue;
    lines.push(`${line.number}: - ${line.text}`);
    if (haveEnd - start === wantEnd - start && other) lines.push(`${line.number}: + ${other.text}`);
  }
  if (haveEnd - start !== wantEnd - start) {
    for (const line of want.slice(start, wantEnd)) lines.push(`   + ${line.text}`);
  }
  const more = lines.length - 2 * shown;
  return more > 0 ? [...lines.slice(0, 2 * shown), `… and ${more} more lines`] : lines;
}

const same = (
  a: NumberedLine | undefined,
  b: NumberedLine | undefined,
  key: (line: string) => string,
): boolean => a !== undefined && b !== undefined && key(a.text) === key(b.text);

const significant = (text: string): readonly NumberedLine[] =>
  text
    .split("\n")
    .map((line, index) => ({ number: index + 1, text: line }))
    .filter(({ text: line }) => line.trim() !== "" && !line.startsWith("#"));
