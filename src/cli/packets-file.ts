import { isMap } from "yaml";
import type { Expectation } from "../analyse/expectation.ts";
import { fromHex } from "../packet/hex.ts";
import type { FlowStep, FlowTime, StepPacket } from "./flow.ts";
import { type PacketEntry, packetsFile } from "./packets-schema.ts";
import { readYaml } from "./yaml-file.ts";

/**
 * Reads a packets file (docs/packets-file.md), YAML or JSON, which is YAML too.
 * Throws `InputError` that names every fault with its line and column.
 */
export function parsePacketsFile(text: string, filename: string): readonly FlowStep[] {
  const { data } = readYaml({
    text,
    filename,
    schema: packetsFile,
    // the schema wraps a bare list into `{ packets: … }`: the text has no such level then
    pathInText: (path, document) => (isMap(document.contents) ? path : path.slice(1)),
  });
  return data.packets.flatMap(stepsOf);
}

const sameTime: FlowTime = { relative: true, seconds: 0 };

/** The steps of one entry: as many as it repeats. */
export function stepsOf(entry: PacketEntry): readonly FlowStep[] {
  const count = entry.repeat ?? 1;
  return Array.from({ length: count }, (_, index) => ({
    name: count > 1 ? `${entry.name ?? "packet"} (${index + 1} of ${count})` : entry.name,
    time: (index === 0 ? entry.at : (entry.every ?? sameTime)) ?? sameTime,
    packet: packetOf(entry),
    assumeState: entry.ctstate,
    expectation: entry.expect && presentExpectation(entry.expect),
  }));
}

function packetOf({ packet, frame, in: device, local }: PacketEntry): StepPacket {
  if (packet !== undefined) return { kind: "text", text: packet };
  if (frame !== undefined) return { kind: "frame", device: device ?? "", frame: fromHex(frame) };
  if (local !== undefined) return { kind: "local", packet: fromHex(local) };
  return { kind: "reply" };
}

/** The expectation without the members that are `undefined`. */
export const presentExpectation = (expect: NonNullable<PacketEntry["expect"]>): Expectation =>
  Object.fromEntries(Object.entries(expect).filter(([, value]) => value !== undefined));
