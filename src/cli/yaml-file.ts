import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import type { Source, Span } from "../diagnostics/diagnostic.ts";
import { InputError } from "./exit-status.ts";

export type YamlPath = readonly PropertyKey[];

/** A YAML text that fits its schema, with the places of its values. */
export interface YamlFile<T> {
  readonly data: T;
  readonly source: Source;
  /** Where the value at a path stands, or the nearest thing around it that the text has. */
  spanAt(path: YamlPath): Span;
  /** Where the characters of a string begin; `undefined` where escapes or folding keep them from standing there as they are. */
  verbatimAt(path: YamlPath, value: string): number | undefined;
}

export interface YamlReading<S extends z.ZodType> {
  readonly text: string;
  readonly filename: string;
  readonly schema: S;
  /** For a schema that wraps what the text may leave out: the path in the text. */
  readonly pathInText?: (path: YamlPath, document: Document) => YamlPath;
}

/** Reads YAML, or JSON, which is YAML too. Throws `InputError` that names every fault with its line and column. */
export function readYaml<S extends z.ZodType>(reading: YamlReading<S>): YamlFile<z.infer<S>> {
  const { text, filename, schema, pathInText = (path) => path } = reading;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number, message: string): string => {
    const { line, col } = lines.linePos(offset);
    return `${filename}:${line}:${col}: ${message}`;
  };
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => at(error.pos[0], error.message.split("\n")[0] ?? ""));
    throw new InputError(faults.join("\n"));
  }
  const read = schema.safeParse(document.toJS());
  if (!read.success) {
    const faults = read.error.issues.flatMap((issue) => faultsOf(issue, document, pathInText));
    faults.sort((a, b) => a.offset - b.offset);
    throw new InputError(faults.map(({ offset, message }) => at(offset, message)).join("\n"));
  }
  return {
    data: read.data,
    source: { name: filename, text },
    spanAt: (path) => spanAt(document, pathInText(path, document)),
    verbatimAt(path, value) {
      const { start } = spanAt(document, pathInText(path, document));
      const from = start + (/["']/.test(text[start] ?? "") && text[start] !== value[0] ? 1 : 0);
      return text.startsWith(value, from) ? from : undefined;
    },
  };
}

interface Fault {
  readonly offset: number;
  readonly message: string;
}

function faultsOf(
  issue: z.core.$ZodIssue,
  document: Document,
  pathInText: (path: YamlPath, document: Document) => YamlPath,
): readonly Fault[] {
  const path = pathInText(issue.path, document);
  if (issue.code !== "unrecognized_keys")
    return [{ offset: spanAt(document, path).start, message: issue.message }];
  return issue.keys.map((key) => ({
    offset: keyOffset(document, path, key),
    message: `unknown key \`${key}\``,
  }));
}

function spanAt(document: Document, path: YamlPath): Span {
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(document, path.slice(0, length));
    if (node?.range) return { start: node.range[0], end: node.range[1] };
  }
  return { start: 0, end: 0 };
}

function keyOffset(document: Document, path: YamlPath, key: string): number {
  const map = nodeAt(document, path);
  const pair = isMap(map)
    ? map.items.find((item) => isScalar(item.key) && item.key.value === key)
    : undefined;
  return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : spanAt(document, path).start;
}

function nodeAt(document: Document, path: YamlPath): Node | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}
