import type { Verification } from "../evaluate/verify.ts";
import type { Style } from "./style.ts";

export interface VerifiedFile {
  readonly file: string;
  readonly verification: Verification;
}

export interface VerificationTextOptions {
  readonly style: Style;
  /** Show what differs, line by line. */
  readonly verbose: boolean;
}

type Packet = Verification["packets"][number];

/** How far machine and kernel agree: a line for each recording, the differing packets below it, the sum last. */
export function verificationText(files: readonly VerifiedFile[], options: VerificationTextOptions): string {
  const { style } = options;
  const width = Math.max(0, ...files.map(({ file }) => file.length));
  const lines = files.flatMap(({ file, verification: { packets } }) => {
    const differing = packets.filter((packet) => !packet.agrees);
    const count = `${packets.length - differing.length} of ${packets.length} packets agree`;
    return [
      `${file.padEnd(width)}  ${differing.length === 0 ? style.good(count) : style.bad(count)}`,
      ...differing.flatMap((packet) => packetLines(packet, options)),
    ];
  });
  const all = files.flatMap(({ verification }) => verification.packets);
  const agreeing = all.filter((packet) => packet.agrees).length;
  const recordings = files.length === 1 ? "1 recording" : `${files.length} recordings`;
  lines.push(style.strong(`${agreeing} of ${all.length} packets agree in ${recordings}`));
  return `${lines.join("\n")}\n`;
}

const aspects = ["emitted", "counters", "conntrack", "expectations"] as const;

function packetLines(packet: Packet, { style, verbose }: VerificationTextOptions): readonly string[] {
  const kernel = aspects.map((aspect) => (packet.kernel[aspect] ?? []).map(String));
  const machine = aspects.map((aspect) => (packet.machine[aspect] ?? []).map(String));
  const differing = aspects.filter((_, index) => kernel[index]?.join("\n") !== machine[index]?.join("\n"));
  const head = `  packet ${packet.index}: ${differing.join(", ")}`;
  if (!verbose) return [head];
  const rows = differing.flatMap((aspect) => {
    const index = aspects.indexOf(aspect);
    const [ours, theirs] = [machine[index] ?? [], kernel[index] ?? []];
    return [
      ...theirs.filter((line) => !ours.includes(line)).map((line) => style.good(`    kernel   ${line}`)),
      ...ours.filter((line) => !theirs.includes(line)).map((line) => style.bad(`    machine  ${line}`)),
    ];
  });
  return [head, ...rows];
}
