import type { Context } from "../../packet/context.ts";
import { kernelSocket, type Packet } from "../../packet/packet.ts";
import { dump4 } from "./dump4.ts";
import { dump6 } from "./dump6.ts";
import { hex, type LogEffect } from "./transport.ts";

/** The line that `-j LOG` writes to the kernel log, without its time stamp (net/netfilter/nf_log_syslog.c). */
export function logLine(effect: LogEffect, { packet, inDevice, outDevice }: Context): string {
  const mac =
    inDevice === undefined ? "" : `MAC=${[...linkHeader(packet)].map((byte) => hex(byte, 2)).join(":")} `;
  const devices = `IN=${inDevice ?? ""} OUT=${outDevice ?? ""} `;
  const dump =
    packet.family === "ipv4" ? dump4(packet.bytes, effect, false) : dump6(packet.bytes, effect, false);
  const user = packet.owner === kernelSocket ? undefined : packet.owner;
  const owner = effect.uid && user ? `UID=${user.uid} GID=${user.gid} ` : "";
  const mark = packet.mark !== 0 ? `MARK=0x${packet.mark.toString(16)} ` : "";
  return `${effect.prefix}${devices}${mac}${dump.text}${dump.givesUp ? "" : owner + mark}`.trimEnd();
}

/** What loopback has in place of addresses. */
const loopbackHeader = { ipv4: [0x08, 0x00], ipv6: [0x86, 0xdd] } as const;

const linkHeader = ({ ethernetHeader, family }: Packet): Iterable<number> =>
  ethernetHeader?.subarray(0, 14) ?? [...new Uint8Array(12), ...loopbackHeader[family]];
