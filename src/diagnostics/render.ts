import type { Diagnostic } from "./diagnostic.ts";
import { lineTableOf } from "./line-table.ts";
import { visibleText } from "./visible-text.ts";

export type Style = "error" | "warning" | "info" | "place" | "frame" | "help";

export interface RenderOptions {
  /** Colours a piece of text; plain text unless told. */
  readonly colour?: (style: Style, text: string) => string;
}

/** Columns of source text that a frame shows at most. */
const frameWidth = 100;

/** What `renderDiagnostic` needs; `label` stands in the severity's place. */
export type Rendered = Omit<Diagnostic, "code"> & { readonly code: string; readonly label?: string };

/** A diagnostic as a person reads it: `file:line:column: error[code]: message`, the code frame, notes and help. No line end behind it. */
export function renderDiagnostic(diagnostic: Rendered, options: RenderOptions = {}): string {
  const { colour = (_style, text) => text } = options;
  const { source, span, severity, code, message, notes, help, label = severity } = diagnostic;
  const table = lineTableOf(source);
  const { line, column } = table.position(Math.min(span.start, source.text.length));
  const lineNumber = `${line}`;
  const gutter = " ".repeat(lineNumber.length);
  const bar = colour("frame", "|");
  const frame = frameOf(source.text, table.line(line), span);
  const place = colour("place", `${visibleText(source.name)}:${line}:${column}:`);
  const lines = [
    `${place} ${colour(severity, `${label}[${code}]`)}: ${visibleText(message)}`,
    `${colour("frame", lineNumber)} ${bar} ${frame.text}`.trimEnd(),
    `${gutter} ${bar} ${" ".repeat(frame.indent)}${colour(severity, frame.marker)}`,
    ...notes.map((note) => `${gutter} ${colour("frame", "=")} note: ${visibleText(note)}`),
  ];
  if (help !== undefined)
    lines.push(`${gutter} ${colour("frame", "=")} ${colour("help", "help")}: ${visibleText(help)}`);
  return lines.join("\n");
}

/** The part of the span's first line that is shown, and the marker under it: `^` and `~` for what follows. */
function frameOf(
  text: string,
  line: { readonly start: number; readonly end: number },
  span: { readonly start: number; readonly end: number },
): { readonly text: string; readonly indent: number; readonly marker: string } {
  const from = Math.min(span.start, line.end);
  const to = Math.max(from, Math.min(span.end, line.end));
  // one UTF-16 unit is at least one column: longer cuts would be thrown away below
  const before = cells(text.slice(Math.max(line.start, from - frameWidth), from));
  const marked = cells(text.slice(from, Math.min(to, from + frameWidth)));
  const after = cells(text.slice(to, Math.min(line.end, to + frameWidth)));

  const room = frameWidth - Math.min(marked.width, frameWidth / 2);
  const head = keepEnd(before.cells, Math.max(0, room - Math.min(after.width, room / 3)));
  const shown = keepStart(marked.cells, frameWidth - head.width);
  const tail = keepStart(after.cells, frameWidth - head.width - shown.width);
  const cutLeft = from - frameWidth > line.start || head.cells.length < before.cells.length;
  const cutRight =
    to - from > frameWidth ||
    shown.cells.length < marked.cells.length ||
    line.end - to > frameWidth ||
    tail.cells.length < after.cells.length;

  const left = cutLeft ? "…" : "";
  const content = [...head.cells, ...shown.cells, ...tail.cells].map((cell) => cell.text).join("");
  return {
    text: `${left}${content}${cutRight ? "…" : ""}`,
    indent: head.width + left.length,
    marker: `^${"~".repeat(Math.max(0, shown.width - 1))}`,
  };
}

interface Cell {
  readonly text: string;
  readonly width: number;
}

function cells(text: string): { readonly cells: readonly Cell[]; readonly width: number } {
  const made = Array.from(text, (char) => {
    const visible = char === "\t" ? "    " : visibleText(char);
    return { text: visible, width: widthOf(visible) };
  });
  return { cells: made, width: total(made) };
}

const total = (list: readonly Cell[]): number => list.reduce((sum, cell) => sum + cell.width, 0);

function keepStart(
  list: readonly Cell[],
  room: number,
): { readonly cells: readonly Cell[]; readonly width: number } {
  let width = 0;
  let count = 0;
  while (count < list.length && width + list[count]!.width <= room) width += list[count++]!.width;
  return { cells: list.slice(0, count), width };
}

function keepEnd(
  list: readonly Cell[],
  room: number,
): { readonly cells: readonly Cell[]; readonly width: number } {
  const kept = keepStart([...list].reverse(), room);
  return { cells: [...kept.cells].reverse(), width: kept.width };
}

/** Columns on a terminal, by the East Asian wide ranges that matter; combining marks take none. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text) {
    if (/\p{Mn}|\p{Me}|\u200d/u.test(char)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return width;
}
