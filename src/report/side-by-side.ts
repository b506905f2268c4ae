/** Two texts beside each other, `left | right`, each column as wide as its longest line, up to `width` in all. */
export function sideBySide(
  left: readonly string[],
  right: readonly string[],
  width: number,
): readonly string[] {
  const column = Math.max(20, Math.min(Math.floor((width - 3) / 2), longest(left)));
  const rightColumn = Math.max(20, width - 3 - column);
  const rows: string[] = [];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const one = wrapped(left[at] ?? "", column);
    const other = wrapped(right[at] ?? "", rightColumn);
    const mark = left[at] === right[at] ? "|" : "!";
    for (let row = 0; row < Math.max(one.length, other.length); row++) {
      rows.push(`${(one[row] ?? "").padEnd(column)} ${mark} ${other[row] ?? ""}`.trimEnd());
    }
  }
  return rows;
}

const longest = (lines: readonly string[]): number => Math.max(0, ...lines.map((line) => line.length));

/** Cut at blanks where there are some; what goes on stands as deep as its line. */
function wrapped(line: string, width: number): readonly string[] {
  const depth = /^ */.exec(line)?.[0].length ?? 0;
  const hang = " ".repeat(Math.min(depth + 2, Math.floor(width / 2)));
  const rows: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(" ", width);
    const at = blank > hang.length ? blank : width;
    rows.push(rest.slice(0, at));
    rest = hang + rest.slice(at).trimStart();
  }
  return [...rows, rest];
}
