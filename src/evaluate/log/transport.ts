import type { Effect } from "../../extensions/effect.ts";

export type LogEffect = Extract<Effect, { kind: "log" }>;

/** What stands behind the devices of a LOG line. `givesUp`: a header was cut short, and Linux ends the line there. */
export interface Dump {
  readonly text: string;
  readonly givesUp: boolean;
}

export const whole = (text: string): Dump => ({ text, givesUp: false });
export const cutShort = (text: string): Dump => ({ text, givesUp: true });

export const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
export const hexBytes = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => hex(byte, 2).toUpperCase()).join("");

/** Words of a header in network order. The caller has seen to it that they are there. */
export const word = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
export const long = (bytes: Uint8Array, at: number): number => word(bytes, at) * 65536 + word(bytes, at + 2);

export const incomplete = (name: string, bytes: Uint8Array, at: number): string =>
  `PROTO=${name} INCOMPLETE [${Math.max(0, bytes.length - at)} bytes] `;

/** nf_log_dump_udp_header, also for UDP-Lite. */
export function dumpUdp(name: "UDP" | "UDPLITE", bytes: Uint8Array, at: number, fragment: boolean): Dump {
  if (fragment) return whole(`PROTO=${name} `);
  if (bytes.length - at < 8) return cutShort(incomplete(name, bytes, at));
  return whole(`PROTO=${name} SPT=${word(bytes, at)} DPT=${word(bytes, at + 2)} LEN=${word(bytes, at + 4)} `);
}

const flagNames = ["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"] as const;

/** nf_log_dump_tcp_header. */
export function dumpTcp(bytes: Uint8Array, at: number, fragment: boolean, effect: LogEffect): Dump {
  if (fragment) return whole("PROTO=TCP ");
  if (bytes.length - at < 20) return cutShort(incomplete("TCP", bytes, at));
  const flags = flagNames.filter((_, bit) => bytes[at + 13]! & (0x80 >> bit));
  const sequence = effect.tcpSequence ? `SEQ=${long(bytes, at + 4)} ACK=${long(bytes, at + 8)} ` : "";
  const end = at + (bytes[at + 12]! >> 4) * 4;
  const hasOptions = effect.tcpOptions && end > at + 20 && end <= bytes.length;
  const options = hasOptions ? `OPT (${hexBytes(bytes.subarray(at + 20, end))}) ` : "";
  return whole(
    `PROTO=TCP SPT=${word(bytes, at)} DPT=${word(bytes, at + 2)} ${sequence}` +
      `WINDOW=${word(bytes, at + 14)} RES=0x${hex((bytes[at + 12]! & 0x0f) << 2, 2)} ` +
      `${flags.map((flag) => `${flag} `).join("")}URGP=${word(bytes, at + 18)} ${options}`,
  );
}
