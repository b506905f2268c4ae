import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import type { Expectation } from "../analyse/expectation.ts";
import { fromHex } from "../packet/hex.ts";
import { InputError } from "./exit-status.ts";
import type { FlowStep, FlowTime, StepPacket } from "./flow.ts";
import { type PacketEntry, packetsFile } from "./packets-schema.ts";

/**
 * Reads a packets file (docs/packets-file.md), YAML or JSON, which is YAML too.
 * Throws `InputError` that names every fault with its line and column.
 */
export function parsePacketsFile(text: string, filename: string): readonly FlowStep[] {
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
  const read = packetsFile.safeParse(document.toJS());
  if (!read.success) {
    const faults = read.error.issues.flatMap((issue) => faultsOf(issue, document));
    faults.sort((a, b) => a.offset - b.offset);
    throw new InputError(faults.map(({ offset, message }) => at(offset, message)).join("\n"));
  }
  return read.data.packets.flatMap(stepsOf);
}

interface Fault {
  readonly offset: number;
  readonly message: string;
}

function faultsOf(issue: z.core.$ZodIssue, document: Document): readonly Fault[] {
  const path = inDocument(issue.path, document);
  if (issue.code !== "unrecognized_keys")
    return [{ offset: offsetOf(document, path), message: issue.message }];
  return issue.keys.map((key) => ({
    offset: keyOffset(document, path, key),
    message: `unknown key \`${key}\``,
  }));
}

/** The schema wraps a bare list into `{ packets: … }`: the document has no such level then. */
const inDocument = (path: readonly PropertyKey[], document: Document): readonly PropertyKey[] =>
  isMap(document.contents) ? path : path.slice(1);

/** Where the value at a path starts, or the nearest thing around it that the text has. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(document, path.slice(0, length));
    if (node?.range) return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document, path: readonly PropertyKey[], key: string): number {
  const map = nodeAt(document, path);
  const pair = isMap(map)
    ? map.items.find((item) => isScalar(item.key) && item.key.value === key)
    : undefined;
  return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(document, path);
}

function nodeAt(document: Document, path: readonly PropertyKey[]): Node | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

const sameTime: FlowTime = { relative: true, seconds: 0 };

function stepsOf(entry: PacketEntry): readonly FlowStep[] {
  const count = entry.repeat ?? 1;
  return Array.from({ length: count }, (_, index) => ({
    name: count > 1 ? `${entry.name ?? "packet"} (${index + 1} of ${count})` : entry.name,
    time: (index === 0 ? entry.at : (entry.every ?? sameTime)) ?? sameTime,
    packet: packetOf(entry),
    assumeState: entry.ctstate,
    expectation: entry.expect && present(entry.expect),
  }));
}

function packetOf({ packet, frame, in: device, local }: PacketEntry): StepPacket {
  if (packet !== undefined) return { kind: "text", text: packet };
  if (frame !== undefined) return { kind: "frame", device: device ?? "", frame: fromHex(frame) };
  if (local !== undefined) return { kind: "local", packet: fromHex(local) };
  return { kind: "reply" };
}

/** The expectation without the members that are `undefined`. */
const present = (expect: NonNullable<PacketEntry["expect"]>): Expectation =>
  Object.fromEntries(Object.entries(expect).filter(([, value]) => value !== undefined));
