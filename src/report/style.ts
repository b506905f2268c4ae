/** How parts of a report are set off. Reports call these and never know whether there is colour. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  /** For what lets a packet through. */
  readonly good: (text: string) => string;
  /** For what stops it. */
  readonly bad: (text: string) => string;
  /** For what rewrites it. */
  readonly changed: (text: string) => string;
}

const same = (text: string): string => text;

export const plainStyle: Style = { strong: same, faint: same, good: same, bad: same, changed: same };

/** ECMA-48 "select graphic rendition": `open` turns the look on, `close` off again. */
const rendition =
  (open: number, close: number) =>
  (text: string): string =>
    `\u001b[${open}m${text}\u001b[${close}m`;

export const colourStyle: Style = {
  strong: rendition(1, 22),
  faint: rendition(2, 22),
  good: rendition(32, 39),
  bad: rendition(31, 39),
  changed: rendition(33, 39),
};
