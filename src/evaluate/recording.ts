/** What a kernel did with some packets: the format of docs/recordings.md. Times are in seconds. */
export interface Recording {
  /** Of the generator that made the scenario. */
  readonly seed?: string;
  readonly kernel: string;
  readonly backend: "legacy" | "nft";
  readonly family?: "ipv4" | "ipv6";
  readonly rules: string;
  /** `ipset restore` text. */
  readonly sets: string | null;
  /** When the sets were made, since 1970; where absent, at `started`. Entries with a time-out go by it. */
  readonly setsAt?: number;
  readonly host: {
    readonly addresses: unknown;
    readonly routes: unknown;
    /** `ip -j rule`, where there are others than every host has. */
    readonly rules?: unknown;
    /** `ip -6 -j rule`, likewise. */
    readonly rules6?: unknown;
    readonly neighbours: unknown;
    /** Commands of ip(8) that made the host differ from the one that the kernel tests start with. */
    readonly commands?: readonly string[];
    readonly sysctl: Readonly<Record<string, string>>;
  };
  /** Since 1970. */
  readonly started: number;
  /** `iptables-save -c` after loading, without comments. */
  readonly loaded: readonly string[];
  readonly refused: readonly (readonly [table: string, line: string, message: string])[];
  readonly packets: readonly RecordedPacket[];
}

export type RecordedPacket = (
  | { readonly in: string; readonly frame: string }
  | { readonly local: true; readonly packet: string }
) & {
  /** Since `started`. */
  readonly at: number;
  /** Commands of iptables that ran before it, without the program's name: `-t nat -F`. */
  readonly commands?: readonly string[];
} & Effects;

/** What one packet brought about. */
export interface Effects {
  /** Frames that left the host: interface and hex. */
  readonly emitted: readonly (readonly [device: string, frame: string])[];
  /** The `iptables-save -c` lines that changed, with their new values. */
  readonly counters: readonly (readonly [table: string, line: string])[];
  /** `conntrack -L`, sorted, without `use=`. */
  readonly conntrack: readonly string[];
  /** `conntrack -L expect`, likewise; only where it was asked for. */
  readonly expectations?: readonly string[] | undefined;
}

/** Checks that a value is a recording, so far as replaying it needs; the message says what is missing. */
export function readRecording(
  value: unknown,
): { ok: true; recording: Recording } | { ok: false; message: string } {
  const fail = (message: string) => ({ ok: false as const, message });
  if (!isRecord(value)) return fail("a recording is a JSON object");
  for (const key of ["loaded", "packets"] as const) {
    if (!Array.isArray(value[key])) return fail(`\`${key}\` is missing or not a list`);
  }
  if (typeof value["started"] !== "number") return fail("`started` is missing or not a number");
  const { setsAt } = value;
  if (setsAt !== undefined && typeof setsAt !== "number") return fail("`setsAt` is not a number");
  if (!isRecord(value["host"])) return fail("`host` is missing or not an object");
  const packets = value["packets"] as readonly unknown[];
  for (const [index, packet] of packets.entries()) {
    const problem = packetProblem(packet);
    if (problem) return fail(`packet ${index}: ${problem}`);
  }
  return { ok: true, recording: value as unknown as Recording };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

function packetProblem(packet: unknown): string | undefined {
  if (!isRecord(packet)) return "not an object";
  if (typeof packet["at"] !== "number") return "`at` is missing or not a number";
  const hex = packet["local"] === true ? packet["packet"] : packet["frame"];
  if (typeof hex !== "string" || !/^([0-9a-f]{2})*$/i.test(hex)) return "no hex of the frame or packet";
  if (packet["local"] !== true && typeof packet["in"] !== "string") return "`in` is missing";
  if (packet["commands"] !== undefined && !isListOfTexts(packet["commands"])) {
    return "`commands` is not a list of texts";
  }
  for (const key of ["emitted", "counters", "conntrack"]) {
    if (!Array.isArray(packet[key])) return `\`${key}\` is missing or not a list`;
  }
  return undefined;
}
